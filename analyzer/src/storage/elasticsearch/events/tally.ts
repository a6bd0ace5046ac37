import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import { textOf, valuesOf } from '@vonggac/sigma'
import type { Aggregation, Bucket } from '../../event-store.ts'

/** Counts by value. */
export class Terms {
  readonly counts = new Map<string, number>()

  add(term: string, count: number): void {
    this.counts.set(term, (this.counts.get(term) ?? 0) + count)
  }

  addEvent(event: FlatEvent, field: string): void {
    for (const term of termsOf(event, field)) this.add(term, 1)
  }

  buckets({ size, first }: Extract<Aggregation, { by: 'terms' }>): readonly Bucket[] {
    const sign = first === 'rarest' ? 1 : -1
    return [...this.counts]
      .toSorted(([a, m], [b, n]) => sign * (m - n) || (a < b ? -1 : 1))
      .slice(0, size)
      .map(([key, count]) => ({ key, count }))
  }
}

/** Counts by time, and in each bucket by the value of a field. */
export class Times {
  readonly #widthMs: number
  readonly #split: string | undefined
  readonly #buckets = new Map<number, { count: number; readonly parts: Map<string, number> }>()

  constructor({ bucketSeconds, split }: Extract<Aggregation, { by: 'time' }>) {
    this.#widthMs = bucketSeconds * 1000
    this.#split = split
  }

  add(startMs: number, count: number): void {
    this.#at(startMs).count += count
  }

  addPart(startMs: number, part: string, count: number): void {
    const { parts } = this.#at(startMs)
    parts.set(part, (parts.get(part) ?? 0) + count)
  }

  addEvent(event: FlatEvent, clock: 'received' | 'occurred'): void {
    const ms = timeOf(event, clock)
    if (ms === undefined) return
    const start = Math.floor(ms / this.#widthMs) * this.#widthMs
    this.add(start, 1)
    if (this.#split !== undefined) for (const part of termsOf(event, this.#split)) this.addPart(start, part, 1)
  }

  buckets(): readonly Bucket[] {
    return [...this.#buckets]
      .toSorted(([a], [b]) => a - b)
      .map(([start, { count, parts }]) => ({
        key: new Date(start).toISOString(),
        count,
        ...(this.#split !== undefined && { parts: Object.fromEntries(parts) }),
      }))
  }

  #at(startMs: number) {
    let bucket = this.#buckets.get(startMs)
    if (bucket === undefined) this.#buckets.set(startMs, (bucket = { count: 0, parts: new Map() }))
    return bucket
  }
}

/** The different texts of a field's values. */
export function termsOf(event: FlatEvent, field: string): ReadonlySet<string> {
  return new Set(valuesOf(event, field).flatMap((value) => textOf(value) ?? []))
}

function timeOf(event: FlatEvent, clock: 'received' | 'occurred'): number | undefined {
  const received = parseEventId(String(event[fields.id]))?.receivedMs
  if (clock === 'received') return received
  const occurred = Date.parse(String(event[fields.timestamp]))
  return Number.isNaN(occurred) ? received : occurred
}
