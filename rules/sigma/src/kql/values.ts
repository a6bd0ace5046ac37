/** What a literal means, by the type of the field that it is compared with. */
import { anyText, type Expression, type Test } from '../ir/expression.ts'
import { escapeGlob, type GlobPart } from '../ir/glob.ts'
import { parseNetwork } from '../ir/network.ts'
import { numberOf } from '../ir/text.ts'
import type { FieldType } from './fields.ts'
import { type MomentOptions, readMoment, type Stretch } from './moments.ts'
import { type KqlLiteral, type RangeOperator, writtenText } from './syntax.ts'

/** A literal without a field: every word somewhere in some text of the event, a quoted one as it stands. */
export function anywhere(literal: KqlLiteral): Expression {
  return isStar(literal) ? { all: [] } : words(anyText, literal)
}

/** `field: literal`. */
export function matching(field: string, type: FieldType, literal: KqlLiteral, options: MomentOptions): Expression {
  if (isStar(literal)) return field === anyText ? { all: [] } : { field, test: { kind: 'exists' } }
  if (isPlain(literal) && writtenText(literal) === 'null') return { field, test: { kind: 'null' } }
  if (type === 'text') return words(field, literal)
  const special = ofType(field, type, writtenText(literal), options)
  if (special !== undefined && !literal.parts.some(({ kind }) => kind === 'many')) return special
  return { field, test: literal.quoted ? { kind: 'equals', value: writtenText(literal) } : unquoted(literal) }
}

function isStar({ quoted, parts }: KqlLiteral): boolean {
  return !quoted && parts.length === 1 && parts[0]?.kind === 'many'
}

/** One word without quotes and escapes. */
function isPlain({ words: [word, ...more] }: KqlLiteral): boolean {
  return word.plain && more.length === 0
}

function words(field: string, literal: KqlLiteral): Expression {
  const tests = literal.words.map((word): Expression => ({ field, test: patternTest([{ kind: 'many' }, ...word.parts, { kind: 'many' }]) }))
  return tests.length === 1 ? (tests[0] as Expression) : { all: tests }
}

/** What the field's type makes of a text; undefined where it is a text like any other. */
function ofType(field: string, type: FieldType, text: string, options: MomentOptions): Expression | undefined {
  if (type === 'ip') {
    const test = addressTest(text)
    return test && { field, test }
  }
  if (type === 'number') {
    const number = numberOf(text)
    return number !== undefined && Number.isFinite(number) ? { field, test: { kind: 'equals', value: number } } : undefined
  }
  const stretch = type === 'date' ? readMoment(text, options) : undefined
  return stretch && within(field, stretch)
}

/** Addresses of IPv6 are written in many ways, so one alone is a network of one. */
function addressTest(text: string): Test | undefined {
  if (parseNetwork(text) === undefined) return undefined
  if (text.includes('/')) return { kind: 'network', cidr: text }
  return text.includes(':') ? { kind: 'network', cidr: `${text}/128` } : undefined
}

/** Of a list of times, each bound may be met by another member, as it is with two ranges. */
function within(field: string, { from, until }: Stretch): Expression {
  return {
    all: [
      { field, test: { kind: 'moment', side: 'since', at: from } },
      { field, test: { kind: 'moment', side: 'before', at: until } },
    ],
  }
}

function unquoted(literal: KqlLiteral): Test {
  const text = writtenText(literal)
  if (isPlain(literal)) {
    if (text === 'true' || text === 'false') return { kind: 'equals', value: text === 'true' }
    const number = numberOf(text)
    if (number !== undefined && String(number) === text) return { kind: 'equals', value: number }
  }
  if (text.includes('/') && parseNetwork(text) !== undefined) return { kind: 'network', cidr: text }
  return patternTest(literal.parts)
}

/** The plainest test of a pattern without `?`. */
function patternTest(written: readonly GlobPart[]): Test {
  const parts = joined(written)
  const [first, second] = parts
  const opens = first?.kind === 'many'
  const closes = parts.length > 1 && parts.at(-1)?.kind === 'many'
  const inner = opens ? second : first
  if (parts.length - Number(opens) - Number(closes) > 1)
    return { kind: 'glob', pattern: parts.map((part) => (part.kind === 'text' ? escapeGlob(part.text) : '*')).join('') }
  const kind = opens ? (closes || parts.length === 1 ? 'contains' : 'suffix') : closes ? 'prefix' : 'equals'
  return { kind, value: inner?.kind === 'text' ? inner.text : '' }
}

/** Neighbouring texts and neighbouring wildcards joined. */
function joined(parts: readonly GlobPart[]): GlobPart[] {
  const list: GlobPart[] = []
  for (const part of parts) {
    const last = list.at(-1)
    if (part.kind === 'text' && last?.kind === 'text') list[list.length - 1] = { kind: 'text', text: last.text + part.text }
    else if (part.kind === 'text' || last?.kind !== 'many') list.push(part)
  }
  return list
}

const comparisons = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const
/** On which side of which end of the stretch that a date stands for. */
const edges = { '<': ['before', 'from'], '<=': ['before', 'until'], '>': ['since', 'until'], '>=': ['since', 'from'] } as const

/** `field >= literal`; undefined where the literal is neither number nor date. */
export function comparing(operator: RangeOperator, type: FieldType, literal: KqlLiteral, options: MomentOptions): Test | undefined {
  const text = writtenText(literal)
  const number = numberOf(text)
  if (type !== 'date' && number !== undefined && Number.isFinite(number))
    return { kind: 'compare', operator: comparisons[operator], value: number }
  const stretch = readMoment(text, options)
  if (stretch === undefined) return undefined
  const [side, edge] = edges[operator]
  return { kind: 'moment', side, at: stretch[edge] }
}
