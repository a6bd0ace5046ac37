import type { BatchTally, RejectReason } from '@vonggac/contract'

/** The contract allows 10,000 in a batch. */
const mostTallies = 9_000

interface OpenTally {
  readonly source: string
  readonly minute: number
  journaled: number
  readonly rejected: Partial<Record<RejectReason, number>>
}

/** Counts the frames of a batch by source and minute of receipt. */
export class Tallies {
  readonly #agencyOf: (source: string) => string
  readonly #open = new Map<string, OpenTally>()
  #last: OpenTally | undefined

  constructor(agencyOf: (source: string) => string) {
    this.#agencyOf = agencyOf
  }

  get full(): boolean {
    return this.#open.size >= mostTallies
  }

  count(source: string, receivedMs: number, rejected: RejectReason | undefined): void {
    const tally = this.#of(source, Math.floor(receivedMs / 60_000))
    tally.journaled++
    if (rejected) tally.rejected[rejected] = (tally.rejected[rejected] ?? 0) + 1
  }

  all(): BatchTally[] {
    return [...this.#open.values()].map(({ source, minute, journaled, rejected }) => ({
      source,
      agency: this.#agencyOf(source),
      minute: new Date(minute * 60_000).toISOString(),
      journaled,
      rejected,
    }))
  }

  /** Frames of one source and minute come in runs, so the last tally is tried first. */
  #of(source: string, minute: number): OpenTally {
    if (this.#last?.source === source && this.#last.minute === minute) return this.#last
    const key = `${minute} ${source}`
    let tally = this.#open.get(key)
    if (!tally) {
      tally = { source, minute, journaled: 0, rejected: {} }
      this.#open.set(key, tally)
    }
    this.#last = tally
    return tally
  }
}
