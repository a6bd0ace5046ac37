/**
 * How often the fields that people count by have which values, in a part of a segment. Kept beside its signature, so that counts, histograms and
 * lists of the most frequent values are answered without reading events.
 */
import { catalogue } from './catalogue.ts'

/** Of one field. An event has no value of it or one: parts with other events have no counts (row.ts: they are odd). */
export interface ValueCounts {
  readonly field: string
  /** As predicates compare them, in the order of their counts. */
  readonly texts: readonly string[]
  readonly counts: readonly number[]
  /** For each text its events in each of the part's minutes of receipt; null where that would be long. */
  readonly minutes: readonly (readonly number[])[] | null
  /** No value that is left out has more events than this; 0: none is left out. */
  readonly others: number
}

/** Values kept of a field, at most; of a part with few events fewer, so that they stay small beside their events. */
export const mostValues = 512

export function mostValuesOf(events: number): number {
  return Math.min(mostValues, Math.max(32, events >> 3))
}

/** Of so many values and no more, events are counted by minute. */
export const mostValuesByMinute = 16

const byMinute =
  'event.action event.outcome event.code event.severity log.level network.transport network.direction http.response.status_code'
const names = `
  event.reason vonggac.source.id agent.name host.name observer.name service.name user.name user.target.name
  source.ip destination.ip client.ip source.geo.country_iso_code destination.port network.protocol
  process.name http.request.method url.domain url.path user_agent.name dns.question.name dns.response_code rule.name
  winlog.event_id winlog.event_data.LogonType
`

/** Those whose few values are counted by minute as well. */
export const fieldsByMinute: ReadonlySet<string> = new Set(byMinute.split(' '))
/** Whoever changes them gives signatures a new version: what is not named in a file of theirs has no value in its part. */
export const countedFields: ReadonlySet<string> = new Set([...fieldsByMinute, ...names.trim().split(/\s+/)])

for (const field of countedFields) if (!catalogue.has(field)) throw new Error(`${field} has no column`)
