/** Rules as SQL over a table of the same events, in columns as an event store would keep them. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { type CompiledRule, type DuckDbColumn, evaluate, type FlatEvent, type Scalar, toDuckDbSql } from '@vonggac/sigma'

type Values = Scalar | readonly Scalar[]
type ColumnType = DuckDbColumn['type']

const sqlTypes = { text: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN', list: 'VARCHAR[]' } as const
/** Fields beyond these stay in the JSON column, so that both ways to a value are tried. */
const mostColumns = 120

export interface SqlResult {
  readonly found: readonly (readonly number[])[]
  /** Rules that SQL cannot decide alone; what it finds for them has been verified. */
  readonly verified: number
}

/** For each event the numbers of the rules that SQL finds true of it. */
export async function foundBySql(rules: readonly CompiledRule[], events: readonly FlatEvent[]): Promise<SqlResult> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  const columns = columnsOf(events)
  await load(connection, columns, events)
  const found: number[][] = events.map(() => [])
  let verified = 0
  const options = {
    column: (field: string) => columns.get(field),
    texts: [...columns.values()].filter(({ type }) => type === 'text' || type === 'list'),
    extra: 'extra',
  }
  for (const [index, { expression }] of rules.entries()) {
    const { sql, parameters, exact } = toDuckDbSql(expression, options)
    const reader = await connection.runAndReadAll(`SELECT n FROM events WHERE ${sql}`, parameters)
    const rows = reader.getRows().map(([n]) => Number(n))
    if (!exact) verified++
    for (const n of rows) if (exact || evaluate(expression, events[n]!)) found[n]!.push(index)
  }
  connection.closeSync()
  instance.closeSync()
  return { found, verified }
}

/** The most frequent fields as columns of the type that most of their values have. Columns whose names differ only in case are one to DuckDB. */
function columnsOf(events: readonly FlatEvent[]): ReadonlyMap<string, DuckDbColumn> {
  const counts = new Map<string, Map<ColumnType, number>>()
  for (const event of events) {
    for (const [field, value] of Object.entries(event)) {
      const type = typeOf(value)
      if (type === undefined) continue
      const types = counts.get(field) ?? new Map<ColumnType, number>()
      counts.set(field, types.set(type, (types.get(type) ?? 0) + 1))
    }
  }
  const total = (types: ReadonlyMap<ColumnType, number>) => [...types.values()].reduce((sum, count) => sum + count, 0)
  const frequent = [...counts].toSorted(([, one], [, other]) => total(other) - total(one)).slice(0, mostColumns)
  return new Map(
    frequent.map(([field, types], at) => {
      const [type] = [...types].reduce((best, each) => (each[1] > best[1] ? each : best))
      return [field, { sql: `"c${at}"`, type, overflows: types.size > 1 || hasOthers(events, field, type) }]
    }),
  )
}

function hasOthers(events: readonly FlatEvent[], field: string, type: ColumnType): boolean {
  return events.some((event) => Object.hasOwn(event, field) && typeOf(event[field]!) !== type)
}

function typeOf(value: Values): ColumnType | undefined {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return Array.isArray(value) && value.every((member) => typeof member === 'string') ? 'list' : undefined
}

/** Through JSON, as one array of rows: an object with a key for each column, and the rest under `extra`. */
async function load(connection: DuckDBConnection, columns: ReadonlyMap<string, DuckDbColumn>, events: readonly FlatEvent[]): Promise<void> {
  const list = [...columns.values()]
  const declared = list.map(({ sql, type }) => `, ${sql} ${sqlTypes[type]}`).join('')
  await connection.run(`CREATE TABLE events (n INTEGER${declared}, extra JSON)`)
  const structure = JSON.stringify({
    ...Object.fromEntries(list.map(({ sql, type }) => [sql.slice(1, -1), type === 'list' ? ['VARCHAR'] : sqlTypes[type]])),
    n: 'INTEGER',
    extra: 'JSON',
  })
  const names = ['n', ...list.map(({ sql }) => sql), 'extra'].join(', ')
  for (let from = 0; from < events.length; from += 1000) {
    const rows = events.slice(from, from + 1000).map((event, at) => {
      const row: Record<string, unknown> = { n: from + at }
      const extra: Record<string, unknown> = {}
      for (const [field, value] of Object.entries(event)) {
        const column = columns.get(field)
        if (column !== undefined && column.type === typeOf(value)) row[column.sql.slice(1, -1)] = value
        else extra[field] = value
      }
      return { ...row, extra }
    })
    const each = `SELECT unnest(from_json($1::JSON, '${JSON.stringify([JSON.parse(structure)])}'), max_depth := 2)`
    await connection.run(`INSERT INTO events BY NAME SELECT ${names} FROM (${each})`, [JSON.stringify(rows)])
  }
}
