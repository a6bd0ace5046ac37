/**
 * Expressions as KQL, the query language of Kibana's search bar: text for people to read, paste and go on from, and for `parseKql` to read back. KQL has
 * neither regular expressions nor comparisons of fields; what it cannot say is widened.
 */
import { anyText, type Expression, type Predicate, type Test } from '../../ir/expression.ts'
import { parseNetwork } from '../../ir/network.ts'
import { type FieldInfo, typeOf } from '../../kql/fields.ts'
import { necessaryTexts } from '../../match/regex-literals.ts'
import { convert } from '../bounds.ts'
import { readsAs } from './read-back.ts'
import { anything, escaped, fieldName, pattern, quoted, type TextTest } from './write.ts'

export interface Kql {
  readonly text: string
  /** When false, KQL cannot say all of it, and the text finds other events too. */
  readonly exact: boolean
}

export interface KqlWriting {
  /** The fields whose type is known: `parseKql` reads the text likewise when it is given the same. */
  readonly fields?: readonly FieldInfo[]
  /** The text is for an index that holds no nulls, as Elasticsearch's do, and for Kibana, which does not know `field: null`. */
  readonly noNulls?: true
}

/** The expression as KQL that `parseKql` reads as the same expression, where it is `exact`. */
export function toKql(expression: Expression, { fields = [], noNulls }: KqlWriting = {}): Kql {
  const known = new Map(fields.map((field) => [field.name, field]))
  const leaves = new Map<Predicate, Leaf>()
  const leafOf = (predicate: Predicate): Leaf => {
    let leaf = leaves.get(predicate)
    if (leaf === undefined) {
      leaf = writeLeaf(predicate, known.get(predicate.field) ?? { name: predicate.field })
      leaves.set(predicate, leaf)
    }
    return leaf
  }
  const { query, exact } = convert<Clause, Predicate>(noNulls ? withoutNulls(expression) : expression, {
    all: (members) => joined(members, 'and', everything),
    any: (members) => joined(members, 'or', nothing),
    not: (member) => ({ text: `not ${nested(member)}`, operator: 'not' }),
    leaf: (predicate) => leafOf(predicate).clause,
    isExact: (predicate) => leafOf(predicate).exact,
  })
  return { text: query.text, exact }
}

/** Where there are no nulls, every value has a text, and what is null is not there. */
function withoutNulls(expression: Expression): Expression {
  if ('all' in expression) return { all: expression.all.map(withoutNulls) }
  if ('any' in expression) return { any: expression.any.map(withoutNulls) }
  if ('not' in expression) return { not: withoutNulls(expression.not) }
  const { field, test } = expression
  const present: Predicate = { field, test: { kind: 'exists' } }
  if (test.kind === 'null') return { not: present }
  return field !== anyText && takesAnyText(test) ? present : expression
}

function takesAnyText(test: Test): boolean {
  if (test.kind === 'glob') return /^\*+$/.test(test.pattern)
  return (test.kind === 'prefix' || test.kind === 'suffix' || test.kind === 'contains') && test.value === ''
}

interface Clause {
  readonly text: string
  readonly operator?: 'and' | 'or' | 'not'
}

interface Leaf {
  readonly clause: Clause
  readonly exact: boolean
}

const everything: Clause = { text: '*' }
const nothing: Clause = { text: 'not *', operator: 'not' }

function joined(members: readonly Clause[], operator: 'and' | 'or', none: Clause): Clause {
  const [first, ...more] = members
  if (first === undefined) return none
  if (more.length === 0) return first
  return { text: members.map((member) => (member.operator === operator ? member.text : nested(member))).join(` ${operator} `), operator }
}

function nested({ text, operator }: Clause): string {
  return operator === undefined ? text : `(${text})`
}

function writeLeaf(predicate: Predicate, field: FieldInfo): Leaf {
  const clause = plainly(predicate, field)
  if (clause !== undefined && (clause === nothing || readsAs(clause.text, predicate, field))) return { clause, exact: true }
  return { clause: widely(predicate, field), exact: false }
}

/** The predicate in KQL's own words; undefined where it has none. */
function plainly({ field, test }: Predicate, info: FieldInfo): Clause | undefined {
  switch (test.kind) {
    case 'exists':
      return { text: about(field, field === anyText ? anything : '*') }
    case 'null':
      return field === anyText ? { text: `not ${about(field, anything)}`, operator: 'not' } : { text: about(field, 'null') }
    case 'compare':
      return { text: `${fieldName(field)} ${operators[test.operator]} ${test.value}` }
    case 'moment':
      return { text: `${fieldName(field)} ${sides[test.side]} "${new Date(test.at).toISOString()}"` }
    case 'network':
      return parseNetwork(test.cidr) === undefined ? nothing : { text: about(field, escaped(withLength(test.cidr))) }
    case 'regex':
    case 'timePart':
    case 'equalsField':
      return undefined
    default:
      return { text: textClause(field, test, info) }
  }
}

/** What is contained in running text, of a field or of the whole event, is written as words. */
function textClause(field: string, test: TextTest, info: FieldInfo): string {
  const contained = test.kind === 'contains' && test.value !== '' ? test.value : undefined
  if (contained !== undefined && field === anyText) return somewhere(contained)
  if (contained !== undefined && typeOf(info) === 'text') return about(field, somewhere(contained))
  return about(field, pattern(test))
}

/** A query that finds all that the predicate is true of, and more. */
function widely(predicate: Predicate, field: FieldInfo): Clause {
  const { test } = predicate
  switch (test.kind) {
    case 'regex':
      return regexClause(predicate.field, test, field)
    case 'equalsField':
      return joined([present(predicate.field), present(test.other)], 'and', everything)
    case 'equals':
      if (isReadOtherwise(test.value, field)) return { text: about(predicate.field, `*${escaped(String(test.value))}`) }
      return { text: about(predicate.field, pattern(test)) }
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'glob':
      return { text: about(predicate.field, pattern(test)) }
    default:
      return present(predicate.field)
  }
}

/** Whether the field's type makes something else of the value than its text, and not just more: a time is a stretch of times, `1.0` the number 1. */
function isReadOtherwise(value: string | number | boolean, field: FieldInfo): boolean {
  const type = typeOf(field)
  return type === 'date' || type === 'number' || (type === 'ip' && String(value).includes('/'))
}

function present(field: string): Clause {
  return field === anyText ? everything : { text: about(field, '*') }
}

/** What the expression needs. Its forms with the long s (`ſelect`) are left out: nobody wants to read them. */
function regexClause(field: string, { source, flags }: Extract<Test, { readonly kind: 'regex' }>, info: FieldInfo): Clause {
  const needs = necessaryTexts(source, flags)
  const readable = needs.filter((need) => !need.includes('ſ') || !needs.includes(need.replaceAll('ſ', 's')))
  const clauses = readable.map((need) => ({
    text: textClause(field, { kind: 'contains', value: need }, info),
  }))
  return clauses.length === 0 ? present(field) : joined(clauses, 'or', nothing)
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const
const sides = { since: '>=', before: '<' } as const

function about(field: string, value: string): string {
  return `${fieldName(field)}: ${value}`
}

/** A text anywhere in the event. */
function somewhere(text: string): string {
  return /\s/.test(text) ? quoted(text) : `*${escaped(text)}*`
}

/** A network of one address says so, to differ from the address as a text. */
function withLength(cidr: string): string {
  if (cidr.includes('/')) return cidr
  return cidr.includes(':') ? `${cidr}/128` : `${cidr}/32`
}
