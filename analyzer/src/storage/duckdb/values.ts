/** SQL of what a field holds in a row, for counting, measuring and sorting. */
import type { Scalar } from '@vonggac/sigma'
import { fields } from '@vonggac/contract'
import { catalogue, ownColumns, quotedName } from './catalogue.ts'

export interface Bound {
  readonly sql: string
  readonly bound: readonly Scalar[]
}

/** SQL of the list of a field's different texts; NULL or empty where there is none. Not of rows that are odd. */
export function textsOf(field: string, parameters: readonly Scalar[]): Bound {
  const column = quotedName(field)
  switch (catalogue.get(field)) {
    case 'text':
      return { sql: `CASE WHEN ${column} IS NOT NULL THEN [${column}] END`, bound: parameters }
    case 'long':
      return { sql: `CASE WHEN ${column} IS NOT NULL THEN [CAST(${column} AS VARCHAR)] END`, bound: parameters }
    case 'texts':
      return { sql: `list_distinct(${column})`, bound: parameters }
    default: {
      const { sql, bound } = memberOf(restJson, field, parameters)
      return { sql: `list_distinct(list_transform(${membersOf(sql)}, lambda member: member ->> '$'))`, bound }
    }
  }
}

/** SQL of the list of a field's numbers, or undefined for a column of texts. Not of rows that are odd. */
export function numbersOf(field: string, parameters: readonly Scalar[]): Bound | undefined {
  const kind = catalogue.get(field)
  const column = quotedName(field)
  if (kind === 'long') return { sql: `CASE WHEN ${column} IS NOT NULL THEN [CAST(${column} AS DOUBLE)] END`, bound: parameters }
  if (kind !== undefined) return undefined
  const { sql, bound } = memberOf(restJson, field, parameters)
  return { sql: numbersIn(membersOf(sql)), bound }
}

/** A row's place in a list that is sorted by a field: by the number first, then by the text; both NULL where it has no value. */
export function sortKeys(field: string, greatest: boolean, parameters: readonly Scalar[]): Bound & { readonly text: string } {
  const pick = greatest ? 'list_max' : 'list_min'
  const none = { sql: 'CAST(NULL AS DOUBLE)', text: 'CAST(NULL AS VARCHAR)', bound: parameters }
  if (field === fields.timestamp) return { ...none, sql: `CAST(${ownColumns.occurred} AS DOUBLE)` }
  const kind = catalogue.get(field)
  const column = quotedName(field)
  if (kind === undefined) {
    const { sql, bound } = memberOf(restJson, field, parameters)
    const members = membersOf(sql)
    const texts = `list_filter(${members}, lambda member: json_type(member) IN ('VARCHAR', 'BOOLEAN'))`
    return { sql: `${pick}(${numbersIn(members)})`, text: `${pick}(${textsIn(texts)})`, bound }
  }
  // Several values in a column for one are elsewhere.
  const exact = memberOf(exactJson, field, parameters)
  const members = membersOf(exact.sql)
  const exactly = (picked: string, plain: string) =>
    `CASE WHEN ${ownColumns.exact} IS NULL THEN ${plain} ELSE coalesce(${picked}, ${plain}) END`
  if (kind === 'long') {
    const number = exactly(`${pick}(${numbersIn(members)})`, `CAST(${column} AS DOUBLE)`)
    return { ...none, sql: number, bound: exact.bound }
  }
  const plain = kind === 'text' ? column : `${pick}(${column})`
  return { ...none, text: exactly(`${pick}(${textsIn(members)})`, plain), bound: exact.bound }
}

const restJson = `CAST(${ownColumns.rest} AS JSON)`
/** It can hold half surrogate pairs, which DuckDB's JSON reader refuses. */
const exactJson = `coalesce(TRY_CAST(${ownColumns.exact} AS JSON), TRY_CAST(regexp_replace(${ownColumns.exact}, '(?i)\\\\ud[89a-f][0-9a-f]{2}', '\\\\ufffd', 'g') AS JSON))`

function memberOf(object: string, field: string, parameters: readonly Scalar[]): Bound {
  const bound = [...parameters, `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`]
  return { sql: `json_extract(${object}, $${bound.length})`, bound }
}

function membersOf(value: string): string {
  return `CASE json_type(${value}) WHEN 'ARRAY' THEN CAST(${value} AS JSON[]) WHEN 'NULL' THEN [] ELSE [${value}] END`
}

function numbersIn(members: string): string {
  const numbers = `list_filter(${members}, lambda member: json_type(member) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE'))`
  return `list_transform(${numbers}, lambda member: TRY_CAST(member ->> '$' AS DOUBLE))`
}

function textsIn(members: string): string {
  return `list_transform(${members}, lambda member: member ->> '$')`
}
