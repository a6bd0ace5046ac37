/** Names, numbered from 1 on, found by their bytes without making a string of them: the fields that rules name, and names of log sources. */
import { anyText } from '../ir/expression.ts'
import { powerOfTwo } from './bytes.ts'

/** The number of the field `*`: every string of the event. */
export const everyString = 0

/** Hashes of names are FNV-1a over the UTF-8 bytes, so that the hash of a path goes on from the hash of its parent. */
export const hashSeed = 0x811c9dc5 | 0
export const hashPrime = 0x01000193

const encoder = new TextEncoder()

export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashSeed
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, hashPrime)
  return hash
}

export class NameTable {
  /** By number. Number 0 is the field `*`, which no bytes name. */
  readonly names: string[] = [anyText]
  readonly #ids = new Map<string, number>([[anyText, everyString]])
  #bytes: Uint8Array[] = [new Uint8Array(0)]
  #hashes: number[] = [0]
  /** Open addressing: field + 1 at a place that the hash leads to, 0 where free. */
  #slots = new Int32Array(64)

  /** The number of a name, a new one for a new name. */
  add(name: string): number {
    const known = this.#ids.get(name)
    if (known !== undefined) return known
    const id = this.names.length
    const bytes = encoder.encode(name)
    this.names.push(name)
    this.#ids.set(name, id)
    this.#bytes.push(bytes)
    this.#hashes.push(hashOf(bytes, 0, bytes.length))
    if (this.names.length * 4 > this.#slots.length) this.#grow()
    else this.#enter(id)
    return id
  }

  idOf(name: string): number | undefined {
    const id = this.#ids.get(name)
    return id === everyString ? undefined : id
  }

  /**
   * The number of the name that is the bytes `prefix[0 … prefixLength)` followed by `bytes[start … end)`, or -1. The hash is that of the
   * whole name.
   */
  find(hash: number, prefix: Uint8Array, prefixLength: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1
      if (id < 0) return -1
      if (this.#hashes[id] === hash && this.#isName(this.#bytes[id]!, prefix, prefixLength, bytes, start, end)) return id
    }
  }

  #isName(name: Uint8Array, prefix: Uint8Array, prefixLength: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (name.length !== prefixLength + end - start) return false
    for (let i = 0; i < prefixLength; i++) if (name[i] !== prefix[i]) return false
    for (let i = prefixLength, at = start; at < end; i++, at++) if (name[i] !== bytes[at]) return false
    return true
  }

  #enter(id: number): void {
    const mask = this.#slots.length - 1
    const hash = this.#hashes[id]!
    let slot = (hash ^ (hash >>> 15)) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = id + 1
  }

  #grow(): void {
    this.#slots = new Int32Array(powerOfTwo(this.names.length * 8))
    for (let id = 1; id < this.names.length; id++) this.#enter(id)
  }
}
