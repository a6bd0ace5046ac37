import { say, VonggacError, type QueryClock } from '@vonggac/contract'
import type { EventQuery, TimeRange } from '../../storage/event-store.ts'
import { readKql } from '../kql.ts'

/** What is kept for longer than this can be asked for in parts: a question over everything would read everything. */
const longestPeriodMs = 366 * 86_400_000

interface Period {
  readonly from: string
  readonly to: string
}

/** Throws `invalid-request` for a period that ends before it begins or is too long. */
export function checkedRange({ from, to }: Period): { readonly from: Date; readonly to: Date } {
  const range = { from: new Date(from), to: new Date(to) }
  const lengthMs = range.to.getTime() - range.from.getTime()
  if (lengthMs > 0 && lengthMs <= longestPeriodMs) return range
  throw new VonggacError('invalid-request', say('search-period-wrong'), {
    places: [{ path: 'to', message: 'must be after from, by 366 days at most' }],
  })
}

/** The period and the query of a request as the event store is asked. Throws `invalid-request` with the query's mistakes. */
export function askedQuery(
  asked: Period & { readonly query: string; readonly clock: QueryClock },
  now: Date,
): EventQuery & { readonly range: TimeRange } {
  return { where: readKql(asked.query, now), range: { ...checkedRange(asked), clock: asked.clock } }
}
