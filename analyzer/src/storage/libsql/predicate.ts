/**
 * The IR over index entries, as SQL. A condition reads one document, `o` (a row of `entry`), and asks for entries of its fields.
 *
 * SQLite has no linear-time regular expressions, no addresses and no folding. Where SQL cannot say what a test means, the condition
 * lets more documents through and `exact` is false: whoever reads them asks the reference evaluator again. Under a
 * negation "more" means that the inner condition must let fewer through, hence `loose`.
 */
import { anyText, type Expression, type Predicate, type Test } from '@vonggac/sigma'
import { checkSearched } from '../document-index.ts'
import type { Bound } from './connection.ts'
import { foldedText } from './entries.ts'

export interface Condition {
  readonly sql: string
  readonly bound: readonly Bound[]
  readonly exact: boolean
}

/** Throws `invalid-request` for a field that is not in the index. */
export function toCondition(where: Expression, fields: readonly string[]): Condition {
  return translate(where, new Set(fields), true)
}

function translate(expression: Expression, fields: ReadonlySet<string>, loose: boolean): Condition {
  if ('not' in expression) {
    const inner = translate(expression.not, fields, !loose)
    return { ...inner, sql: `NOT ${inner.sql}` }
  }
  if ('all' in expression) return join(expression.all, 'AND', fields, loose)
  if ('any' in expression) return join(expression.any, 'OR', fields, loose)
  checkField(expression.field, fields)
  if (expression.test.kind === 'equalsField') checkField(expression.test.other, fields)
  return leaf(expression, loose)
}

function join(members: readonly Expression[], operator: 'AND' | 'OR', fields: ReadonlySet<string>, loose: boolean): Condition {
  const parts = members.map((member) => translate(member, fields, loose))
  return {
    sql: parts.length === 0 ? (operator === 'AND' ? 'TRUE' : 'FALSE') : `(${parts.map(({ sql }) => sql).join(` ${operator} `)})`,
    bound: parts.flatMap(({ bound }) => bound),
    exact: parts.every(({ exact }) => exact),
  }
}

function checkField(field: string, fields: ReadonlySet<string>): void {
  if (field !== anyText) checkSearched(field, fields)
}

function leaf({ field, test }: Predicate, loose: boolean): Condition {
  const test_ = entryTest(test)
  const unknown: Condition = { sql: loose ? 'TRUE' : 'FALSE', bound: [], exact: false }
  if (test_ === undefined || (field === anyText && test.kind === 'null')) return unknown
  if (!test_.exact && !loose) return unknown
  const which = field === anyText ? `typeof(e.value) = 'text'` : 'e.field = ?'
  return {
    sql: `EXISTS (SELECT 1 FROM entry e WHERE e.kind = o.kind AND e.id = o.id AND ${which} AND ${test_.sql})`,
    bound: field === anyText ? test_.bound : [field, ...test_.bound],
    exact: test_.exact,
  }
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

/** The test on an entry `e`; undefined where SQL cannot narrow it down. Inexact ones let through too much, never too little. */
function entryTest(test: Test): Condition | undefined {
  switch (test.kind) {
    case 'exists':
      return { sql: 'e.scalar IS NOT NULL', bound: [], exact: true }
    case 'null':
      return { sql: `(e.scalar IS NULL OR e.scalar = 'null')`, bound: [], exact: true }
    case 'compare':
      return { sql: `e.number ${operators[test.operator]} ?`, bound: [test.value], exact: true }
    case 'equals':
      return textTest('e.folded = ?', test, (wanted) => [wanted])
    case 'contains':
      return textTest('instr(e.folded, ?) > 0', test, (wanted) => [wanted])
    case 'prefix':
      return textTest('e.folded >= ? AND substr(e.folded, 1, ?) = ?', test, (wanted) => [wanted, characters(wanted), wanted])
    case 'suffix':
      return textTest('length(e.folded) >= ? AND substr(e.folded, length(e.folded) - ? + 1) = ?', test, (wanted) => [
        characters(wanted),
        characters(wanted),
        wanted,
      ])
    default:
      return undefined
  }
}

type TextTest = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' }>

function textTest(sql: string, test: TextTest, bind: (wanted: string) => Bound[]): Condition {
  const wanted = foldedText(test.value)
  return { sql, bound: bind(wanted), exact: test.cased !== true && !wanted.includes('\uFFFD') }
}

/** SQLite counts code points. */
function characters(text: string): number {
  return Array.from(text).length
}

/** Tests that every matching document satisfies by one value of one field: each can drive a search through the index `entry_match`. */
export function equalities(where: Expression): { readonly field: string; readonly folded: string }[] {
  if ('all' in where) return where.all.flatMap(equalities)
  if (!('test' in where) || where.test.kind !== 'equals' || where.field === anyText) return []
  return [{ field: where.field, folded: foldedText(where.test.value) }]
}
