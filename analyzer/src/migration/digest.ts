import { createHash } from 'node:crypto'
import { fields, type FlatEvent } from '@vonggac/contract'

const width = 1n << 128n

/**
 * What a set of events comes to, whatever their order and however a store writes them: how many of each dataset, and the sum (modulo 2^128) of a digest
 * of each event with its fields in order.
 */
export class EventDigest {
  readonly #datasets = new Map<string, number>()
  #sum = 0n
  #count = 0

  add(event: FlatEvent): void {
    this.#count++
    const dataset = String(event[fields.dataset])
    this.#datasets.set(dataset, (this.#datasets.get(dataset) ?? 0) + 1)
    const ordered = Object.fromEntries(Object.entries(event).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const hash = createHash('sha256').update(JSON.stringify(ordered)).digest('hex').slice(0, 32)
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) % width
  }

  get count(): number {
    return this.#count
  }

  /** Sentences about what differs in the other; none when they are the same. */
  differences(other: EventDigest): readonly string[] {
    const names = [...new Set([...this.#datasets.keys(), ...other.#datasets.keys()])].toSorted()
    const counts = names.flatMap((name) => {
      const [here, there] = [this.#datasets.get(name) ?? 0, other.#datasets.get(name) ?? 0]
      return here === there ? [] : [`${name}: ${here} events here, ${there} there`]
    })
    if (counts.length > 0) return counts
    return this.#sum === other.#sum ? [] : [`${this.#count} events on both sides, but not the same ones`]
  }
}
