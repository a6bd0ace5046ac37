import { fields, formatEventId, rejectedKind, type BatchTally } from '@vonggac/contract'
import type { LineCounts } from './line-counts.ts'

export interface Owner {
  readonly source: string
  readonly agency: string
  /** Minute of receipt that the line is counted under. */
  readonly minute: string
}

const nobody: Owner = { source: 'unknown', agency: 'unknown', minute: new Date(0).toISOString() }

/**
 * Whose the bad lines of a batch are. The tallies say how many frames each source had in each minute; the good lines say how many of those are accounted for;
 * what is missing is what the bad lines were. So the ledger adds up per source even for lines of which nothing can be read.
 */
export class SourcesOfBadLines {
  readonly #open: { owner: Owner; missing: number }[]
  readonly #fallback: Owner

  constructor(tallies: readonly BatchTally[], good: readonly LineCounts[]) {
    const seen = new Map(good.map((counts) => [`${counts.minute} ${counts.source}`, counts.stored]))
    this.#open = tallies.map(({ source, agency, minute, journaled }) => {
      const start = new Date(minute).toISOString()
      return { owner: { source, agency, minute: start }, missing: journaled - (seen.get(`${start} ${source}`) ?? 0) }
    })
    this.#fallback = this.#open[0]?.owner ?? nobody
  }

  /** The owner of the next bad line; `named` is the source that the line itself names. */
  take(named: string | undefined): Owner {
    const waiting = this.#open.filter(({ missing }) => missing > 0)
    const chosen = waiting.find(({ owner }) => owner.source === named) ?? waiting[0]
    if (!chosen) return this.#fallback
    chosen.missing--
    return chosen.owner
  }
}

/** The event that keeps a bad line: searchable, counted as rejected, its bytes whole. */
export function rejectedLine(
  collector: string,
  place: { readonly position: number; readonly receivedMs: number; readonly problem: string },
  owner: Owner,
  bytes: Uint8Array,
): Uint8Array {
  const received = new Date(place.receivedMs).toISOString()
  const text = new TextDecoder().decode(bytes)
  const exact = Buffer.from(text).equals(bytes)
  const event = {
    [fields.timestamp]: received,
    [fields.id]: formatEventId(place.receivedMs, collector, place.position),
    [fields.received]: received,
    [fields.dataset]: 'vonggac.rejected',
    [fields.kind]: rejectedKind,
    [fields.agency]: owner.agency,
    [fields.source]: owner.source,
    [fields.original]: text,
    ...(exact ? {} : { [fields.rawBytes]: Buffer.from(bytes).toString('base64') }),
    [fields.rejectReason]: 'bad-event',
    [fields.rejectDetail]: place.problem,
  }
  return new TextEncoder().encode(JSON.stringify(event))
}
