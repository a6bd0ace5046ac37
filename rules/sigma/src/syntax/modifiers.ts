/** The value modifiers of Sigma 2.1: each takes one value and gives the value that it stands for, or a `ValueProblem`. */
import { base64, base64Offset, utf16, windash, type Utf16 } from './encodings.ts'
import type { FieldReference, TextValue, Value } from './document.ts'
import { normalizeNetwork } from './network.ts'
import { ValueProblem } from './problem.ts'
import { anyRun, joinParts, literalText, withPlaceholders, type TextPart } from './text.ts'
import type { TimePart } from '../ir/expression.ts'

export type Modify = (value: Value) => Value

/** Modifiers of a whole item rather than of a value. */
export const itemModifiers: ReadonlySet<string> = new Set(['all', 'neq'])

/** Their values are taken as written: no wildcards and no escapes. */
export const verbatimModifiers: ReadonlySet<string> = new Set(['re', 'cidr', 'fieldref'])

const regexFlags = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' }

export const valueModifiers: ReadonlyMap<string, Modify> = new Map<string, Modify>([
  ['contains', (value) => placed(value, 'contains')],
  ['startswith', (value) => placed(value, 'prefix')],
  ['endswith', (value) => placed(value, 'suffix')],
  ['cased', cased],
  ['exists', exists],
  ['windash', (value) => expansion(windash(text(value, 'windash')))],
  ['base64', (value) => base64(text(value, 'base64'))],
  ['base64offset', (value) => expansion(base64Offset(text(value, 'base64offset')))],
  ['wide', (value) => utf16(text(value, 'wide'), 'utf16le')],
  ...(['utf16le', 'utf16be', 'utf16'] as const).map((name): [string, Modify] => [name, encodeAs(name)]),
  ['re', (value) => ({ kind: 'regex', source: verbatim(value, 're'), flags: '' })],
  ...Object.entries(regexFlags).map(([name, flag]): [string, Modify] => [name, (value) => withFlag(value, flag)]),
  ['cidr', (value) => ({ kind: 'network', cidr: normalizeNetwork(verbatim(value, 'cidr')) })],
  ['fieldref', (value) => ({ kind: 'fieldReference', field: verbatim(value, 'fieldref'), match: 'equals' })],
  ['expand', expand],
  ...(['lt', 'lte', 'gt', 'gte'] as const).map((operator): [string, Modify] => [operator, (value) => compared(value, operator)]),
  ...(['minute', 'hour', 'day', 'week', 'month', 'year'] as const).map((part): [string, Modify] => [
    part,
    (value) => timePart(value, part),
  ]),
])

/** Every modifier name, for suggestions. */
export const modifierNames: readonly string[] = [...itemModifiers, ...valueModifiers.keys()]

/** Applies a modifier, inside an expansion to each of its values. */
export function applyModifier(modify: Modify, value: Value): Value {
  if (value.kind !== 'expansion') return modify(value)
  return expansion(value.values.map((member) => applyModifier(modify, member)))
}

function expansion(values: readonly Value[]): Value {
  const only = values.length === 1 ? values[0] : undefined
  return only ?? { kind: 'expansion', values }
}

function encodeAs(encoding: Utf16): Modify {
  return (value) => utf16(text(value, encoding), encoding)
}

function text(value: Value, modifier: string): TextValue {
  if (value.kind === 'text') return value
  if (value.kind === 'number' || value.kind === 'boolean') return { kind: 'text', parts: [value.text] }
  throw new ValueProblem('modifier-value', `The modifier "${modifier}" needs a text, not ${describe(value)}.`)
}

function verbatim(value: Value, modifier: string): string {
  const literal = literalText(text(value, modifier).parts)
  if (literal === undefined)
    throw new ValueProblem('modifier-order', `The modifier "${modifier}" must come first: it takes its value as written.`)
  if (literal === '') throw new ValueProblem('modifier-value', `The modifier "${modifier}" needs a value that is not empty.`)
  return literal
}

function placed(value: Value, match: 'prefix' | 'suffix' | 'contains'): Value {
  if (value.kind === 'regex') return { ...value, source: anchored(value.source, match) }
  if (value.kind === 'fieldReference') return { ...value, match: widened(value.match, match) }
  const { parts, ...rest } = text(value, match)
  const before: TextPart[] = match === 'prefix' ? [] : [anyRun]
  const after: TextPart[] = match === 'suffix' ? [] : [anyRun]
  return { ...rest, parts: joinParts([...before, ...parts, ...after]) }
}

/** A regex is a search already, so only the ends that the modifier fixes need an anchor. */
function anchored(source: string, match: 'prefix' | 'suffix' | 'contains'): string {
  if (match === 'contains') return source
  return match === 'prefix' ? `\\A(?:${source})` : `(?:${source})\\z`
}

function widened(before: FieldReference['match'], match: 'prefix' | 'suffix' | 'contains'): FieldReference['match'] {
  return before === 'equals' || before === match ? match : 'contains'
}

function expand(value: Value): Value {
  if (value.kind === 'regex') return { ...value, expands: true }
  const { parts, ...rest } = text(value, 'expand')
  return { ...rest, parts: withPlaceholders(parts) }
}

function cased(value: Value): Value {
  if (value.kind === 'text' || value.kind === 'fieldReference') return { ...value, cased: true }
  if (value.kind === 'number' || value.kind === 'boolean') return value
  if (value.kind === 'regex')
    throw new ValueProblem(
      'modifier-value',
      'A regex heeds upper and lower case already.',
      'Remove "cased", or add the flag "i" for the opposite.',
    )
  throw new ValueProblem('modifier-value', `The modifier "cased" needs a text, not ${describe(value)}.`)
}

function exists(value: Value): Value {
  if (value.kind === 'boolean') return { kind: 'exists', value: value.value }
  throw new ValueProblem('modifier-value', `The modifier "exists" needs true or false without quotes, not ${describe(value)}.`)
}

function withFlag(value: Value, flag: string): Value {
  if (value.kind === 'regex') return value.flags.includes(flag) ? value : { ...value, flags: value.flags + flag }
  throw new ValueProblem('modifier-order', `The flag "${flag}" belongs behind "re".`, `re|${flag}`)
}

function compared(value: Value, operator: 'lt' | 'lte' | 'gt' | 'gte'): Value {
  if (value.kind === 'number') return { kind: 'compare', operator, value: value.value }
  if (value.kind === 'timePart') return comparedTimePart(value.part, operator, value.value)
  throw new ValueProblem('modifier-value', `The modifier "${operator}" needs a number without quotes, not ${describe(value)}.`)
}

const timePartRanges: Readonly<Record<TimePart, readonly [number, number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1970, 2199],
}

function timePart(value: Value, part: TimePart): Value {
  if (value.kind !== 'number' || !Number.isInteger(value.value))
    throw new ValueProblem('modifier-value', `The modifier "${part}" needs a whole number without quotes, not ${describe(value)}.`)
  const [first, last] = timePartRanges[part]
  if (value.value < first || value.value > last)
    throw new ValueProblem('value-range', `A ${part} is between ${first} and ${last}, not ${value.value}.`)
  return { kind: 'timePart', part, value: value.value }
}

/** A part of a time has few values, so a comparison is the list of those that satisfy it. */
function comparedTimePart(part: TimePart, operator: 'lt' | 'lte' | 'gt' | 'gte', bound: number): Value {
  const [first, last] = timePartRanges[part]
  const from = operator === 'gt' ? bound + 1 : operator === 'gte' ? bound : first
  const to = operator === 'lt' ? bound - 1 : operator === 'lte' ? bound : last
  const values = Array.from({ length: Math.max(0, to - from + 1) }, (_, index): Value => ({ kind: 'timePart', part, value: from + index }))
  return expansion(values)
}

const descriptions: Readonly<Record<Value['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  regex: 'a regular expression',
  network: 'a network',
  compare: 'a comparison',
  timePart: 'a part of a time',
  exists: 'a test of presence',
  fieldReference: 'another field',
  expansion: 'several values',
}

function describe(value: Value): string {
  return descriptions[value.kind]
}
