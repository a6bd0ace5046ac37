import type { CollectorCounters } from '@vonggac/contract'

/** Totals that outlive the process; `upTo` is the journal position up to which `journaled` has been counted. */
export interface SavedCounts {
  readonly upTo: number
  readonly sources: Readonly<Record<string, { readonly journaled: number; readonly forwarded: number; readonly lastReceivedMs: number }>>
  readonly dropped: readonly { readonly source: string; readonly reason: string; readonly count: number }[]
}

interface SourceCount {
  /** Arrived in this run and not yet journaled or dropped: the only part of `received` that a crash forgets, as it forgets the frames. */
  underWay: number
  journaled: number
  forwarded: number
  lastReceivedMs: number
  connections: number
}

const mostDropKinds = 5_000

/** What arrived, became durable, was forwarded and was dropped, by source: totals since the data folder was made. */
export class Counters {
  readonly #sources = new Map<string, SourceCount>()
  readonly #dropped = new Map<string, { readonly source: string; readonly reason: string; count: number }>()
  #upTo: number

  constructor(sources: readonly string[], saved: SavedCounts) {
    this.#upTo = saved.upTo
    for (const source of sources) this.#of(source)
    for (const [source, counts] of Object.entries(saved.sources)) Object.assign(this.#of(source), counts)
    for (const { source, reason, count } of saved.dropped) this.#drop(source, reason, count)
  }

  received(source: string, atMs: number): void {
    const counts = this.#of(source)
    counts.underWay++
    counts.lastReceivedMs = atMs
  }

  journaled(sources: ReadonlyMap<string, number>, upTo: number, lastReceivedMs?: number): void {
    for (const [source, count] of sources) {
      const counts = this.#of(source)
      counts.journaled += count
      counts.underWay = Math.max(0, counts.underWay - count)
      if (lastReceivedMs !== undefined) counts.lastReceivedMs = Math.max(counts.lastReceivedMs, lastReceivedMs)
    }
    this.#upTo = upTo
  }

  forwarded(source: string, count: number): void {
    this.#of(source).forwarded += count
  }

  /** A frame that `received` has counted, or, under a `source` that is none, something that never became a frame. */
  dropped(source: string, reason: string, count: number): void {
    this.#drop(source, reason, count)
    const counts = this.#sources.get(source)
    if (counts) counts.underWay = Math.max(0, counts.underWay - count)
  }

  connected(source: string, change: 1 | -1): void {
    this.#of(source).connections += change
  }

  save(): SavedCounts {
    const sources = [...this.#sources].map(([source, { journaled, forwarded, lastReceivedMs }]) => [
      source,
      { journaled, forwarded, lastReceivedMs },
    ])
    return { upTo: this.#upTo, sources: Object.fromEntries(sources), dropped: this.drops() }
  }

  drops(): { source: string; reason: string; count: number }[] {
    return [...this.#dropped.values()].map((drop) => ({ ...drop }))
  }

  sources(agencyOf: (source: string) => string): CollectorCounters['sources'] {
    const droppedOf = new Map<string, number>()
    for (const { source, count } of this.#dropped.values()) droppedOf.set(source, (droppedOf.get(source) ?? 0) + count)
    return [...this.#sources].map(([source, counts]) => ({
      source,
      agency: agencyOf(source),
      received: counts.journaled + counts.underWay + (droppedOf.get(source) ?? 0),
      journaled: counts.journaled,
      forwarded: counts.forwarded,
      lastReceived: counts.lastReceivedMs > 0 ? new Date(counts.lastReceivedMs).toISOString() : null,
      connections: counts.connections,
    }))
  }

  #of(source: string): SourceCount {
    let counts = this.#sources.get(source)
    if (!counts) {
      counts = { underWay: 0, journaled: 0, forwarded: 0, lastReceivedMs: 0, connections: 0 }
      this.#sources.set(source, counts)
    }
    return counts
  }

  #drop(source: string, reason: string, count: number): void {
    const key = `${source} ${reason}`
    const known = this.#dropped.get(key)
    if (known) known.count += count
    else if (this.#dropped.size < mostDropKinds) this.#dropped.set(key, { source, reason, count })
  }
}
