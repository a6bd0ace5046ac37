import type { EventOrder, QueryClock } from '@vonggac/contract'
import { compact, oneOf, textIn } from '../../lib/search.ts'

/** Periods that end now. */
export const lasts = ['15m', '1h', '4h', '24h', '7d', '30d'] as const
export type Last = (typeof lasts)[number]

const minutes: Readonly<Record<Last, number>> = { '15m': 15, '1h': 60, '4h': 240, '24h': 1_440, '7d': 10_080, '30d': 43_200 }

/** By what the histogram's bars are divided. */
export const splits = ['event.dataset', 'host.name', 'event.outcome', 'log.level'] as const
export type Split = (typeof splits)[number]

/** A search as it stands in the address, so that whoever gets the link sees the same: `?q=user.name: root&last=24h`. */
export interface HuntSearch {
  readonly q?: string
  /** The period ends now; left out for the usual hour or where `from` and `to` say it. */
  readonly last?: Last
  readonly from?: string
  readonly to?: string
  readonly clock?: QueryClock
  /** Joined by commas; left out for the usual ones. */
  readonly columns?: string
  /** `oldest`, or `user.name:ascending`; left out for the newest first. */
  readonly order?: string
  readonly split?: Split
  /** Id of the saved hunt that is open. */
  readonly hunt?: string
}

const usualLast: Last = '1h'
/** The fields that tell most events apart, and the line itself. */
export const usualColumns = ['event.dataset', 'host.name', 'source.ip', 'user.name', 'event.original'] as const
const mostColumns = 30

export function readHuntSearch(search: Record<string, unknown>): HuntSearch {
  const from = timeIn(search['from'])
  const to = timeIn(search['to'])
  const absolute = from !== undefined && to !== undefined && from < to
  const last = oneOf(search['last'], lasts)
  return compact({
    q: textIn(search['q'], 10_000),
    last: absolute || last === usualLast ? undefined : last,
    from: absolute ? from : undefined,
    to: absolute ? to : undefined,
    clock: oneOf(search['clock'], ['occurred'] as const),
    columns: textIn(search['columns'], 4_000),
    order: typeof search['order'] === 'string' && orderIn(search['order']) !== 'newest' ? search['order'] : undefined,
    split: oneOf(search['split'], splits),
    hunt: textIn(search['hunt'], 200),
  })
}

function timeIn(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

export interface Period {
  readonly from: string
  readonly to: string
}

/** The period in absolute times, as it is when the search runs. */
export function periodOf({ last, from, to }: HuntSearch, nowMs: number): Period {
  if (from !== undefined && to !== undefined) return { from, to }
  return { from: new Date(nowMs - minutes[last ?? usualLast] * 60_000).toISOString(), to: new Date(nowMs).toISOString() }
}

export function isWithinDay({ from, to }: Period): boolean {
  return Date.parse(to) - Date.parse(from) <= 86_400_000
}

/** The shortest of the periods that ends now and is so long; the longest for what is longer still. */
export function lastCovering(length: number): Last {
  return lasts.find((last) => minutes[last] >= length) ?? '30d'
}

/** undefined where the period is given by its ends. */
export function lastOf({ last, from }: HuntSearch): Last | undefined {
  return from === undefined ? (last ?? usualLast) : undefined
}

export function columnsOf({ columns }: HuntSearch): readonly string[] {
  const chosen = columns?.split(',').filter((name) => name !== '' && name.length <= 200) ?? []
  return chosen.length > 0 ? [...new Set(chosen)].slice(0, mostColumns) : usualColumns
}

/** With `column` put behind the others, or taken out; the usual ones, or none, are left out of the address. */
export function withColumn(search: HuntSearch, column: string): string | undefined {
  const present = columnsOf(search)
  const next = present.includes(column) ? present.filter((name) => name !== column) : [...present, column]
  const text = next.slice(0, mostColumns).join(',')
  return text === usualColumns.join(',') ? undefined : text
}

/** Anything that is no order is the newest first. */
export function orderIn(text: string | undefined): EventOrder {
  if (text === 'oldest') return 'oldest'
  const match = /^(.{1,200}):(ascending|descending)$/.exec(text ?? '')
  return match ? { field: match[1]!, direction: match[2] as 'ascending' | 'descending' } : 'newest'
}

/** What a click on a column's head orders by: falling first, for the most is looked for more often than the least; then rising; then by time again. */
export function nextOrder(present: string | undefined, field: string): string | undefined {
  if (present === `${field}:descending`) return `${field}:ascending`
  return present === `${field}:ascending` ? undefined : `${field}:descending`
}
