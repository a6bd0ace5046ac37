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

/** Values kept of a field, at most. */
export const mostValues = 512
/** Of so many values and no more, events are counted by minute. */
export const mostValuesByMinute = 16

const names = `
  event.kind event.module event.provider event.action event.outcome event.code event.reason event.severity log.level log.syslog.appname
  vonggac.source.id vonggac.logsource.category vonggac.logsource.product vonggac.logsource.service
  agent.name host.name observer.name service.name user.name user.domain user.target.name
  source.ip destination.ip client.ip server.ip source.user.name source.geo.country_iso_code destination.geo.country_iso_code destination.port
  network.transport network.protocol network.direction network.application
  process.name process.executable process.parent.name file.extension
  http.request.method http.response.status_code url.domain url.path user_agent.name user_agent.original
  dns.question.name dns.question.type dns.response_code tls.version rule.id rule.name
  winlog.channel winlog.event_id winlog.computer_name winlog.event_data.LogonType winlog.event_data.TargetUserName
`

/** Whoever changes them gives signatures a new version: what is not named in a file of theirs has no value in its part. */
export const countedFields: ReadonlySet<string> = new Set(names.trim().split(/\s+/))

for (const field of countedFields) if (!catalogue.has(field)) throw new Error(`${field} has no column`)
