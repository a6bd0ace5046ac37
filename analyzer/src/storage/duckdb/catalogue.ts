import { fields } from '@vonggac/contract'

/**
 * Which ECS fields have a column of their own, and of what kind. All other fields share the JSON column `_x`: a column for every field
 * that ever arrives made loading seven times slower.
 *
 * A column holds a field's text as predicates compare it. What it cannot give back as it was, the column `_exact` does (row.ts).
 * Segments remember the number of the catalogue that they were written with: whoever changes a kind gives the catalogue a new number.
 */
export type ColumnKind = 'text' | 'texts' | 'long'

export const catalogueNumber = 2

const text = `
  @timestamp event.id event.created event.dataset event.module event.provider event.kind event.action event.outcome event.code event.reason
  event.original event.hash organization.id message vonggac.source.id vonggac.logsource.category vonggac.logsource.product
  vonggac.logsource.service vonggac.raw error.code error.message log.level log.logger log.file.path log.syslog.appname log.syslog.hostname
  log.syslog.facility.name log.syslog.severity.name log.syslog.procid log.syslog.msgid
  agent.name agent.type host.name host.hostname host.id host.os.name host.os.type host.os.version host.architecture
  observer.name observer.type observer.vendor observer.product observer.hostname service.name service.type
  cloud.provider cloud.region cloud.account.id container.id container.name container.image.name
  source.ip source.address source.domain source.mac source.user.name source.nat.ip source.geo.country_iso_code source.geo.city_name
  source.as.organization.name destination.ip destination.address destination.domain destination.mac destination.user.name destination.nat.ip
  destination.geo.country_iso_code destination.as.organization.name client.ip client.address client.domain server.ip server.address server.domain
  network.transport network.protocol network.type network.direction network.application network.name
  user.name user.id user.domain user.email user.target.name user.effective.name user.changes.name group.name group.id
  process.name process.executable process.command_line process.working_directory process.hash.sha256 process.hash.md5 process.user.name
  process.entity_id process.parent.name process.parent.executable process.parent.command_line process.parent.entity_id
  file.path file.name file.directory file.extension file.hash.sha256 file.hash.md5 dll.path registry.path registry.value
  url.original url.full url.domain url.path url.query url.scheme user_agent.original user_agent.name
  http.request.method http.request.referrer http.request.body.content http.version
  dns.question.name dns.question.type dns.response_code tls.version tls.client.ja3 tls.server.ja3s tls.client.server_name
  rule.id rule.name rule.category rule.ruleset email.subject email.from.address email.to.address email.message_id
  winlog.channel winlog.provider_name winlog.computer_name winlog.event_data.TargetUserName winlog.event_data.SubjectUserName
  winlog.event_data.LogonType winlog.event_data.IpAddress winlog.event_data.ServiceName winlog.event_data.ScriptBlockText
`

const texts = 'event.category event.type tags related.ip related.user related.hosts related.hash host.ip host.mac dns.resolved_ip'

const long = `
  event.sequence event.severity event.duration source.port destination.port client.port server.port source.bytes destination.bytes
  source.packets destination.packets network.bytes network.packets source.as.number destination.as.number
  http.response.status_code http.response.body.bytes http.request.body.bytes process.pid process.parent.pid file.size
  log.syslog.priority log.syslog.facility.code log.syslog.severity.code winlog.event_id winlog.record_id
`

function entries(names: string, kind: ColumnKind): [string, ColumnKind][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, kind])
}

/** Columns by field name, in the order in which they are stored. */
export const catalogue: ReadonlyMap<string, ColumnKind> = new Map([
  ...entries(text, 'text'),
  ...entries(texts, 'texts'),
  ...entries(long, 'long'),
])

/** The columns that are not a field's. */
export const ownColumns = {
  /** BIGINT: receive time in milliseconds, from `event.id`. */
  received: '_t',
  /** BIGINT: time of `@timestamp` in milliseconds; NULL where that is no time. */
  occurred: '_at',
  /** BOOLEAN: true where the columns cannot say what predicates must know, and only the whole event can; NULL otherwise. */
  odd: '_odd',
  /** VARCHAR: JSON object of the fields without a column. */
  rest: '_x',
  /** VARCHAR: JSON object of the fields whose value is another than the columns give back; NULL where there is none. */
  exact: '_exact',
} as const

/**
 * Beside a column with addresses, one with those of them that are IPv4 in the usual notation as numbers (UINTEGER), NULL for any other: a
 * network is then a range.
 */
export const ipv4Columns: ReadonlyMap<string, string> = new Map(
  ['source.ip', 'destination.ip', 'client.ip', 'server.ip', 'source.nat.ip', 'destination.nat.ip'].map((field) => [field, `_v4.${field}`]),
)

/** The columns of a field; none where it has no column of its own. */
export function columnsOf(field: string): readonly string[] {
  const ipv4 = ipv4Columns.get(field)
  return ipv4 === undefined ? (catalogue.has(field) ? [field] : []) : [field, ipv4]
}

/** A segment holds what was received within one hour (UTC). */
export const hourMs = 3_600_000

const sqlTypes = { text: 'VARCHAR', texts: 'VARCHAR[]', long: 'BIGINT' } as const

/** Every column with its SQL type. */
export const columnTypes: ReadonlyMap<string, string> = new Map([
  [ownColumns.received, 'BIGINT'],
  [ownColumns.occurred, 'BIGINT'],
  [ownColumns.odd, 'BOOLEAN'],
  ...[...ipv4Columns.values()].map((column) => [column, 'UINTEGER'] as const),
  ...[...catalogue].map(([field, kind]) => [field, sqlTypes[kind]] as const),
  [ownColumns.rest, 'VARCHAR'],
  [ownColumns.exact, 'VARCHAR'],
])

/** Every table and segment has them, whatever its events have: conditions and exports ask for them without looking. */
export const commonColumns = [ownColumns.received, ownColumns.occurred, ownColumns.odd, fields.id, fields.dataset, fields.agency]

export function quotedName(column: string): string {
  return `"${column.replaceAll('"', '""')}"`
}

/**
 * SQL of a table in the engine's memory. They are in a database of their own, which DuckDB compresses: a NULL of an uncompressed text
 * column takes 16 bytes, and most columns of an event are NULL.
 */
export function hotTable(name: string): string {
  return `hot.${quotedName(name)}`
}

/** The name of a table of events; there is one more, `everyColumn`, which has none. */
export function hotName(number: number): string {
  return `hot_${number}`
}

/** SQL of tables in the engine's memory as one, in parentheses. */
export function fromHot(names: readonly string[]): string {
  return `(${names.map((name) => `SELECT * FROM ${hotTable(name)}`).join(' UNION ALL BY NAME ')})`
}

/** An empty table with every column, for statements on tables and segments of which each has those of its events alone. */
export const everyColumn = hotTable('every column')

/** A statement would end at a NUL. */
export function quotedText(text: string): string {
  const parts = text.split('\u0000').map((part) => `'${part.replaceAll("'", "''")}'`)
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`
}
