import { say, VonggacError, type QueryClock, type Scope } from '@vonggac/contract'
import type { Clock } from '../../platform/index.ts'
import type { EventQuery, EventStore } from '../../storage/event-store.ts'
import { readKql, type ReadQuery } from '../kql.ts'

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

/** What a query is asked with. */
export interface Asking {
  readonly events: EventStore
  readonly clock: Clock
  readonly scope: Scope
  /** Ends the work. */
  readonly signal: AbortSignal
}

/** What a person asks. */
export interface Asked extends Period {
  readonly query: string
  readonly clock: QueryClock
}

export interface AskedQuery {
  readonly query: EventQuery
  readonly patterns: ReadQuery['patterns']
}

/** The period and the query of a request as the event store is asked. Throws `invalid-request` with the query's mistakes. */
export async function askedQuery({ events, clock, scope, signal }: Asking, asked: Asked): Promise<AskedQuery> {
  const range = { ...checkedRange(asked), clock: asked.clock }
  const { where, patterns } = await readKql(asked.query, clock.now(), () => events.fieldNames(scope, { range, signal }))
  return { query: { where, range, signal }, patterns }
}
