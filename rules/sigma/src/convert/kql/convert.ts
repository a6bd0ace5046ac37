/**
 * Expressions as KQL, the query language of Kibana's search bar: text for people to read, paste and go on from. KQL has neither
 * regular expressions nor comparisons of fields; what it cannot say is widened.
 */
import { anyText, type Expression, type Predicate, type Test } from '../../ir/expression.ts'
import { parseGlob, type GlobPart } from '../../ir/glob.ts'
import { textOf } from '../../ir/text.ts'
import { necessaryTexts } from '../../match/regex-literals.ts'
import { convert } from '../bounds.ts'

export interface Kql {
  readonly text: string
  /** When false, KQL cannot say all of it, and the text finds other events too. */
  readonly exact: boolean
}

/** The expression as KQL. Upper and lower case are compared as the index does it. */
export function toKql(expression: Expression): Kql {
  const { query, exact } = convert<Clause, Predicate>(expression, {
    all: (members) => joined(members, 'and', everything),
    any: (members) => joined(members, 'or', nothing),
    not: (member) => ({ text: `not ${nested(member)}`, operator: 'not' }),
    leaf,
    isExact: ({ test }) => !['regex', 'timePart', 'equalsField'].includes(test.kind) && !hasSingleWildcard(test),
  })
  return { text: query.text, exact }
}

interface Clause {
  readonly text: string
  readonly operator?: 'and' | 'or' | 'not'
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

function leaf({ field, test }: Predicate): Clause {
  switch (test.kind) {
    case 'null':
      return { text: `not ${about(field, '*')}`, operator: 'not' }
    case 'compare':
      return { text: `${escaped(field)} ${operators[test.operator]} ${test.value}` }
    case 'network':
      return { text: about(field, quoted(test.cidr)) }
    case 'regex':
      return regexClause(field, test)
    case 'equalsField':
      return joined([{ text: about(field, '*') }, { text: about(test.other, '*') }], 'and', everything)
    case 'exists':
    case 'timePart':
      return { text: about(field, '*') }
    default:
      return { text: about(field, pattern(test)) }
  }
}

/** What the expression needs. Its forms beyond ASCII (`ſelect`) are left out where there are others: nobody wants to read them. */
function regexClause(field: string, { source, flags }: Extract<Test, { readonly kind: 'regex' }>): Clause {
  const needs = necessaryTexts(source, flags)
  const plain = needs.filter((need) => !/[\u{80}-\u{10ffff}]/u.test(need))
  const clauses = (plain.length > 0 ? plain : needs).map((need) => ({ text: about(field, `*${escaped(need)}*`) }))
  return clauses.length === 0 ? { text: about(field, '*') } : joined(clauses, 'or', nothing)
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function about(field: string, value: string): string {
  return field === anyText ? value : `${escaped(field)}: ${value}`
}

type TextTest = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' | 'glob' }>

function pattern(test: TextTest): string {
  switch (test.kind) {
    case 'equals':
      return typeof test.value === 'string' ? quoted(test.value) : String(textOf(test.value))
    case 'prefix':
      return `${escaped(test.value)}*`
    case 'suffix':
      return `*${escaped(test.value)}`
    case 'contains':
      return test.value === '' ? '*' : `*${escaped(test.value)}*`
    case 'glob':
      return parseGlob(test.pattern).map(globPart).join('') || '""'
  }
}

/** KQL has no wildcard for one character. */
function globPart(part: GlobPart): string {
  return part.kind === 'text' ? escaped(part.text) : '*'
}

function hasSingleWildcard(test: Test): boolean {
  return test.kind === 'glob' && parseGlob(test.pattern).some(({ kind }) => kind === 'one')
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\t\r\n]/g, (space) => whiteSpace[space] as string)}"`
}

const whiteSpace: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }

/** A text outside quotes, where only wildcards work: special characters and words of the language are escaped. */
function escaped(text: string): string {
  return text
    .replace(/[\\():<>"*{}]/g, '\\$&')
    .replace(/[\t\r\n]/g, (space) => whiteSpace[space] as string)
    .replace(/(^|\s)(and|or|not)(?=\s|$)/gi, '$1\\$2')
}
