import { everyAgency, fields, VonggacError, type Scope } from '@vonggac/contract'
import { anyText, toDuckDbSql, type DuckDbColumn, type Expression, type Scalar } from '@vonggac/sigma'
import type { EventQuery } from '../event-store.ts'
import { catalogue, columnsOf, ipv4Columns, ownColumns, quotedName } from './catalogue.ts'

/** What a query asks of a row, in SQL. */
export interface RowCondition {
  /** Scope and time: SQL always decides it. */
  readonly base: string
  /** True at least for the rows wanted that are not odd. */
  readonly wanted: string
  /** Rows of which only the whole event tells whether it is wanted. */
  readonly odd: string
  /** Of `base` alone, and of `base` with `wanted`: DuckDB refuses a value for a parameter that the statement does not have. */
  readonly baseParameters: readonly Scalar[]
  readonly parameters: readonly Scalar[]
  /** Those it reads, besides what every table has; undefined: any. */
  readonly columns: ReadonlySet<string> | undefined
  /** `wanted` is true for nothing else. */
  readonly exact: boolean
  /** Every row may be odd, not only those counted as such. */
  readonly touchy: boolean
}

const columnTypes = { text: 'text', texts: 'list', long: 'number' } as const

const columns: ReadonlyMap<string, DuckDbColumn> = new Map(
  [...catalogue].map(([field, kind]) => [
    field,
    {
      sql: quotedName(field),
      type: columnTypes[kind],
      ...(ipv4Columns.has(field) && { ipv4: quotedName(ipv4Columns.get(field)!) }),
      ...(field === fields.timestamp && { moment: ownColumns.occurred }),
    },
  ]),
)
const textColumns = [...columns.values()].filter(({ type }) => type !== 'number')

/** Milliseconds, `from` inclusive, `to` exclusive. */
export interface Span {
  readonly clock: 'received' | 'occurred'
  readonly from: number
  readonly to: number
  /** Nothing is seen that was received earlier. */
  readonly receivedFrom: number
  /** SQL, true or false for every row: what retention has given up and not yet taken out of the files. */
  readonly hidden?: string | undefined
}

/** What no query may see, though it is still on the disk: everything received before a time, and the rows of a condition. */
export interface Hidden {
  readonly before: number
  readonly rows: string | undefined
}

/** Throws `invalid-request` for a regular expression that is refused. */
export function rowCondition(scope: Scope, where: Expression, span: Span): RowCondition {
  const time = momentColumn(span.clock)
  const base = [`${time} >= ${span.from}`, `${time} < ${span.to}`]
  if (span.clock === 'occurred' && span.receivedFrom > 0) base.push(`${ownColumns.received} >= ${span.receivedFrom}`)
  if (span.hidden !== undefined) base.push(`NOT (${span.hidden})`)
  const parameters: Scalar[] = []
  if (scope.agency !== everyAgency) {
    parameters.push(scope.agency)
    base.push(`${quotedName(fields.agency)} = $${parameters.length}`)
  }
  const read = new Set<string>([ownColumns.rest, ownColumns.exact])
  const { sql, exact, parameters: more } = toSql(where, parameters.length + 1, read)
  const touchy = mindsTypes(where)
  return {
    base: base.join(' AND '),
    wanted: `(${sql})`,
    odd: touchy ? `(${ownColumns.odd} OR ${ownColumns.exact} IS NOT NULL)` : ownColumns.odd,
    baseParameters: parameters,
    parameters: [...parameters, ...more],
    columns: touchy ? undefined : read,
    exact,
    touchy,
  }
}

/** The milliseconds of a query's range, without what is hidden. */
export function spanOf({ range }: Pick<EventQuery, 'range'>, hidden: Hidden): Span {
  const [from, to] = [range.from.getTime(), range.to.getTime()]
  if (Number.isNaN(from) || Number.isNaN(to)) throw new VonggacError('invalid-request', 'The time range has no valid start or end.')
  const clock = range.clock ?? 'received'
  const receivedFrom = Math.max(0, hidden.before)
  return { clock, from: clock === 'received' ? Math.max(from, receivedFrom) : from, to, receivedFrom, hidden: hidden.rows }
}

/** The column with the time of a clock, in milliseconds. */
export function momentColumn(clock: Span['clock']): string {
  return clock === 'received' ? ownColumns.received : ownColumns.occurred
}

/** Adds to `read` the columns of the fields that the expression names. */
function toSql(where: Expression, firstParameter: number, read: Set<string>) {
  try {
    return toDuckDbSql(where, {
      column: (field) => {
        for (const name of columnsOf(field)) read.add(name)
        return columns.get(field)
      },
      texts: textColumns,
      extra: `CAST(${ownColumns.rest} AS JSON)`,
      firstParameter,
    })
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new VonggacError('invalid-request', `The condition cannot be used: ${error.message}`, { cause: error })
    throw error
  }
}

/** Whether a number differs from its text for the expression: a text column holds both as text. The time of `@timestamp` is in a column of its own. */
function mindsTypes(where: Expression): boolean {
  if ('all' in where) return where.all.some(mindsTypes)
  if ('any' in where) return where.any.some(mindsTypes)
  if ('not' in where) return mindsTypes(where.not)
  const { field, test } = where
  if (field === anyText || test.kind === 'timePart') return true
  return (test.kind === 'moment' && field !== fields.timestamp) || (test.kind === 'equalsField' && test.other === anyText)
}
