/**
 * Events of one slice as the batches that they once came in: by collector, in the order of the journal. A store knows what it has by the highest position of a
 * collector, and takes nothing at or below it. Where a collector's clock was set back, events that the slice gives later have lower positions than
 * ones before them: these stragglers go under a name that no collector has.
 */
import { batchLimits, fields, parseEventId, VonggacError, type EventBatch, type FlatEvent } from '@vonggac/contract'

interface Line {
  readonly position: number
  readonly text: string
}

/** Stragglers of one slice wait in memory. */
const mostStragglers = 100_000

export class Batches {
  readonly #append: (batch: EventBatch) => Promise<unknown>
  readonly #stragglersName: string
  /** The highest position handed on, by collector. */
  readonly #highest: Map<string, number>
  readonly #open = new Map<string, { lines: Line[]; bytes: number }>()
  readonly #stragglers: Line[] = []

  /** `slice`: its start, ms; `highest`: by collector, as the slice before left it. */
  constructor(append: (batch: EventBatch) => Promise<unknown>, slice: number, highest: Readonly<Record<string, number>>) {
    this.#append = append
    // Sixteen characters at most, as collectors' names.
    this.#stragglersName = `late${slice.toString(36)}`
    this.#highest = new Map(Object.entries(highest))
  }

  async add(event: FlatEvent, text: string): Promise<void> {
    const parts = parseEventId(String(event[fields.id]))
    if (!parts) throw new VonggacError('store-failed', `The stored event "${String(event[fields.id])}" has no event id that can be read.`)
    const { collector, position } = parts
    if (position <= (this.#highest.get(collector) ?? -1)) return this.#straggle({ position, text })
    const open = this.#open.get(collector) ?? { lines: [], bytes: 0 }
    this.#open.set(collector, open)
    open.lines.push({ position, text })
    open.bytes += text.length
    if (open.lines.length >= batchLimits.events || open.bytes >= batchLimits.bytes) await this.#flush(collector)
  }

  /** Hands on what is left; gives the highest positions, for the next slice. */
  async end(): Promise<Readonly<Record<string, number>>> {
    for (const collector of this.#open.keys()) await this.#flush(collector)
    const late = inOrder(this.#stragglers)
    for (let first = 0; first < late.length; first += batchLimits.events) {
      await this.#append(batchOf(this.#stragglersName, late.slice(first, first + batchLimits.events)))
    }
    return Object.fromEntries(this.#highest)
  }

  #straggle(line: Line): void {
    if (this.#stragglers.push(line) > mostStragglers) {
      throw new VonggacError(
        'store-failed',
        `More than ${mostStragglers} events of one hour are out of order, which no clock explains. Check the store first.`,
      )
    }
  }

  async #flush(collector: string): Promise<void> {
    const lines = inOrder(this.#open.get(collector)?.lines ?? [])
    this.#open.delete(collector)
    if (lines.length === 0) return
    await this.#append(batchOf(collector, lines))
    this.#highest.set(collector, lines.at(-1)!.position)
  }
}

function inOrder(lines: readonly Line[]): Line[] {
  return lines.toSorted((a, b) => a.position - b.position)
}

function batchOf(collector: string, lines: readonly Line[]): EventBatch {
  const bytes = Buffer.from(lines.map(({ text }) => `${text}\n`).join(''))
  // Stragglers of several collectors may have a position in common: a batch spans at least as many as it has lines.
  const first = lines[0]!.position
  const last = Math.max(lines.at(-1)!.position, first + lines.length - 1)
  return { collector, first, last, count: lines.length, bytes }
}
