/** What can stand at the cursor of a query that is being written. */
import type { Scalar } from '../ir/expression.ts'
import { fieldName, quoted } from '../convert/kql/write.ts'
import { type FieldInfo, typeOf } from './fields.ts'
import { type Place, writtenText } from './syntax.ts'
import { type Token, tokenize } from './tokens.ts'

export type KqlExpectation = 'field' | 'operator' | 'value' | 'conjunction'

export interface KqlSuggestion {
  readonly kind: KqlExpectation
  /** What to put between `from` and `to`; the cursor goes behind it. */
  readonly text: string
  /** Of a field, its type. */
  readonly type?: FieldInfo['type']
}

export interface KqlCompletion {
  readonly expects: readonly KqlExpectation[]
  /** Whose value is expected, or by whom an operator: ask for its values and call again with them. */
  readonly field?: string
  /** What has been written of it so far, escapes resolved. */
  readonly typed: string
  /** The text that a suggestion replaces. */
  readonly from: number
  readonly to: number
  /** At most 50, the likeliest first. */
  readonly suggestions: readonly KqlSuggestion[]
}

export interface CompletionOptions {
  readonly fields: readonly FieldInfo[]
  /** Values of the field that an earlier call named, the most frequent first. */
  readonly values?: readonly Scalar[]
}

const mostSuggestions = 50

/** What the query may go on with at the cursor (in UTF-16 units), and what that replaces. Pure, and never throws. */
export function completeKql(text: string, cursor: number, { fields, values = [] }: CompletionOptions): KqlCompletion {
  const at = Math.min(Math.max(0, Math.trunc(cursor)), text.length)
  const { list } = tokenize(text.slice(0, at))
  const last = list.at(-1)
  const partial = last !== undefined && isUnfinished(last, at) ? last : undefined
  const spot = spotAfter(partial === undefined ? list : list.slice(0, -1))
  const typed = partial === undefined ? '' : typedIn(partial, text)
  const { start: from, end: to } = partial === undefined ? { start: at, end: at } : wholeOf(partial, text)
  const suggestions = spot.expects
    .flatMap((kind) => suggest(kind, spot.field, typed, fields, values))
    .concat(partial?.kind === 'word' ? operatorsBehind(spot, text.slice(from, at), typed, fields) : [])
    .slice(0, mostSuggestions)
  return { expects: spot.expects, ...(spot.field !== undefined && { field: spot.field }), typed, from, to, suggestions }
}

/** A word that the cursor touches, or a quoted text that it is in. */
function isUnfinished(token: Token, cursor: number): boolean {
  if (token.kind === 'quoted') return !token.closed
  return token.end === cursor && token.kind !== 'sign'
}

function typedIn(token: Token, text: string): string {
  return token.kind === 'word' || token.kind === 'quoted' ? writtenText(token) : text.slice(token.start, token.end)
}

/** The whole word around the cursor, so that what stands behind it is replaced too. */
function wholeOf({ start }: Token, text: string): Place {
  const token = tokenize(text.slice(start)).list[0]
  // A quote that nobody closed would take all that follows with it.
  if (token === undefined || (token.kind === 'quoted' && !token.closed)) return { start, end: text.length }
  return { start, end: start + token.end }
}

/** Where the tokens lead to. */
interface Spot {
  readonly expects: readonly KqlExpectation[]
  readonly field?: string
}

/** Reads the tokens as the parser does, without minding what is wrong. */
function spotAfter(tokens: readonly Token[]): Spot {
  const groups: (string | undefined)[] = []
  let spot: Spot = start()
  for (const token of tokens) {
    if (token.kind === 'keyword') {
      spot = spot.expects.includes('value') || !spot.expects.includes('conjunction') ? spot : operand(groups.at(-1))
    } else if (token.kind === 'word' || token.kind === 'quoted') {
      spot = spot.expects.includes('field') ? { expects: ['operator', 'conjunction'], field: writtenText(token) } : afterValue()
    } else if (token.sign === '(' || token.sign === '{') {
      groups.push(spot.expects.includes('value') ? spot.field : undefined)
      spot = operand(groups.at(-1))
    } else if (token.sign === ')' || token.sign === '}') {
      groups.pop()
      spot = afterValue()
    } else {
      spot = { expects: ['value'], field: spot.field ?? '' }
    }
  }
  return spot
}

function start(): Spot {
  return { expects: ['field'] }
}

function afterValue(): Spot {
  return { expects: ['conjunction'] }
}

/** What `and`, `or`, `not` and an opening parenthesis wait for: inside the parentheses of a field, another value of it. */
function operand(field: string | undefined): Spot {
  return field === undefined ? start() : { expects: ['value'], field }
}

function suggest(
  kind: KqlExpectation,
  field: string | undefined,
  typed: string,
  fields: readonly FieldInfo[],
  values: readonly Scalar[],
): readonly KqlSuggestion[] {
  switch (kind) {
    case 'field':
      return ranked(fields, typed, ({ name }) => name).map((info) => ({ kind, text: fieldName(info.name), type: typeOf(info) }))
    case 'operator':
      return typed === '' ? operatorsOf(fields.find(({ name }) => name === field)).map((text) => ({ kind, text })) : []
    case 'value':
      return ranked(
        valuesOf(
          fields.find(({ name }) => name === field),
          values,
        ),
        typed,
        String,
      ).map((value) => ({ kind, text: valueText(value) }))
    case 'conjunction':
      return ranked(['and', 'or'], typed, String).map((text) => ({ kind, text }))
  }
}

/** Once a field's name is complete, what follows it. */
function operatorsBehind({ expects }: Spot, written: string, typed: string, fields: readonly FieldInfo[]): readonly KqlSuggestion[] {
  const field = expects.includes('field') ? fields.find(({ name }) => name === typed) : undefined
  return field === undefined
    ? []
    : operatorsOf(field).map((operator) => ({ kind: 'operator', text: `${written}${operator === ':' ? '' : ' '}${operator}` }))
}

function operatorsOf(field: FieldInfo | undefined): readonly string[] {
  const type = field && typeOf(field)
  return type === undefined || type === 'number' || type === 'date' ? [':', '>=', '<=', '>', '<'] : [':']
}

function valuesOf(field: FieldInfo | undefined, values: readonly Scalar[]): readonly Scalar[] {
  return field?.type === 'boolean' && values.length === 0 ? [true, false] : values
}

/** As the parser reads it back as the same value. */
function valueText(value: Scalar): string {
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** Those that begin with what was typed, then those that have it elsewhere, each in their order. */
function ranked<T>(items: readonly T[], typed: string, nameOf: (item: T) => string): readonly T[] {
  const wanted = typed.replace(/\*+$/, '').toLowerCase()
  const names = items.map((item) => nameOf(item).toLowerCase())
  const first = items.filter((_, index) => names[index]?.startsWith(wanted))
  const others = items.filter((_, index) => !names[index]?.startsWith(wanted) && names[index]?.includes(wanted))
  return [...first, ...others].slice(0, mostSuggestions)
}
