/**
 * An event as a row of columns, and back without loss.
 *
 * A `text` column holds a string, or the text of a number or boolean, which predicates compare alike; `texts` a list of them; `long` a safe
 * integer. `_x` holds the fields without a column. Where these would not give the very same value back (a number in a text
 * column, half a surrogate pair), `_exact` holds the value. Where they cannot even answer predicates (null, several values in a
 * column for one), `_odd` is set: queries then ask the reference evaluator. Of these columns come `_at` and those of IPv4 (catalogue.ts).
 */
import { fields, parseEventId, type FieldValue, type FlatEvent, type Scalar } from '@vonggac/contract'
import { catalogue, ipv4Columns, ownColumns, type ColumnKind } from './catalogue.ts'
import { ipv4Number } from './ipv4.ts'
import { occurredAt } from './moment.ts'

export type Row = Record<string, unknown>

interface Fitted {
  /** Undefined: nothing to put into the column. */
  readonly column: string | number | readonly string[] | undefined
  /** The column gives the value back as it was. */
  readonly same: boolean
  readonly odd?: true
}

/** Undefined for an event without a valid `event.id`: it has no place among the others. */
export function toRow(event: FlatEvent): Row | undefined {
  const id = event[fields.id]
  const parts = typeof id === 'string' ? parseEventId(id) : undefined
  if (parts === undefined) return undefined
  const row: Row = { [ownColumns.received]: parts.receivedMs }
  const occurred = occurredAt(event[fields.timestamp])
  if (occurred !== undefined) row[ownColumns.occurred] = occurred
  const rest: Record<string, unknown> = Object.create(null)
  const exact: Record<string, unknown> = Object.create(null)
  let hasRest = false
  let hasExact = false
  for (const field in event) {
    const value = event[field]!
    const kind = catalogue.get(field)
    const fitted = kind === undefined ? fitRest(field, value) : fit(kind, value)
    if (fitted.odd) row[ownColumns.odd] = true
    if (!fitted.same) {
      hasExact = true
      exact[field] = value
    }
    if (kind !== undefined) row[field] = fitted.column
    else if (fitted.column !== undefined || fitted.same) {
      hasRest = true
      rest[field] = fitted.same ? value : wellFormedValue(value)
    }
  }
  for (const [field, column] of ipv4Columns) {
    const text = row[field]
    const number = typeof text === 'string' ? ipv4Number(text) : undefined
    if (number !== undefined) row[column] = number
  }
  if (hasRest) row[ownColumns.rest] = JSON.stringify(rest)
  if (hasExact) row[ownColumns.exact] = JSON.stringify(exact)
  return row
}

/** The event of a row; columns that are NULL may be left out. */
export function fromRow(row: Row): FlatEvent {
  const event: Record<string, FieldValue> = Object.create(null)
  for (const [field, value] of Object.entries(row)) {
    if (value !== null && catalogue.has(field)) event[field] = (typeof value === 'bigint' ? Number(value) : value) as FieldValue
  }
  for (const part of [row[ownColumns.rest], row[ownColumns.exact]]) {
    if (typeof part !== 'string') continue
    const values = JSON.parse(part) as Record<string, FieldValue>
    for (const field of Object.keys(values)) event[field] = values[field]!
  }
  return event
}

function fit(kind: ColumnKind, value: FieldValue): Fitted {
  if (isList(value)) return kind === 'texts' ? fitList(value) : fitAlone(kind, value)
  if (value === null) return { column: undefined, same: false, odd: true }
  if (kind === 'long') return fitLong(value)
  const text = String(value)
  const column = wellFormed(text)
  if (kind === 'texts') return { column: [column], same: false }
  return { column, same: column === value }
}

function fitLong(value: Exclude<Scalar, null>): Fitted {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || String(number) !== String(value) || typeof value === 'boolean') {
    return { column: undefined, same: false, odd: true }
  }
  return { column: number, same: value === number }
}

/** A list in a column for one value: as good as its only member; of none, as good as missing. */
function fitAlone(kind: ColumnKind, values: readonly Scalar[]): Fitted {
  if (values.length === 0) return { column: undefined, same: false }
  return values.length === 1 ? { ...fit(kind, values[0]!), same: false } : { column: undefined, same: false, odd: true }
}

function fitList(values: readonly Scalar[]): Fitted {
  if (values.length === 0) return { column: undefined, same: false }
  if (values.includes(null)) return { column: undefined, same: false, odd: true }
  const column = values.map((value) => wellFormed(String(value)))
  return { column, same: column.every((text, n) => text === values[n]) }
}

/** The JSON column takes everything but half surrogate pairs, which DuckDB's JSON reader refuses. */
function fitRest(field: string, value: FieldValue): Fitted {
  if (field !== wellFormed(field)) return { column: undefined, same: false, odd: true }
  const same = isList(value) ? value.every(isWellFormed) : isWellFormed(value)
  return { column: '', same }
}

function isWellFormed(value: Scalar): boolean {
  return typeof value !== 'string' || !/[\uD800-\uDFFF]/u.test(value)
}

function wellFormedValue(value: FieldValue): FieldValue {
  const scalar = (member: Scalar) => (typeof member === 'string' ? wellFormed(member) : member)
  return isList(value) ? value.map(scalar) : scalar(value)
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
}

function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value)
}
