/** Where the values of a field are in a table, and what a test of one value becomes there. */
import type { ValueTest } from '../../ir/evaluate.ts'
import { parseNetwork } from '../../ir/network.ts'
import { fold, textOf } from '../../ir/text.ts'
import { necessaryTexts } from '../../match/regex-literals.ts'
import { anyOf, kept, mapped } from './let.ts'
import { momentOfNumber, momentOfText, timePartOf } from './moment.ts'
import { networkPatterns } from './network.ts'
import { numberText, spelledNumber } from './number.ts'
import { portablePattern } from './regex.ts'
import { textCondition, type AnyOfTexts, type Bind } from './text.ts'

/** A column that holds a field. SQL NULL means that the event has no value there. */
export interface DuckDbColumn {
  /** The column's name quoted for SQL, or an expression. */
  readonly sql: string
  /** VARCHAR; any number type; BOOLEAN; VARCHAR[] */
  readonly type: 'text' | 'number' | 'boolean' | 'list'
  /** The values that do not fit the column are in the extra column. */
  readonly overflows?: boolean
  /**
   * Beside a text column: SQL of its IPv4 addresses in the usual notation (four decimal numbers up to 255 without leading zeros) as numbers, NULL for
   * every other text. Networks are then ranges of numbers, which DuckDB compares a hundred times faster than patterns.
   */
  readonly ipv4?: string
  /** Beside a text column: SQL of the milliseconds since the epoch that ir/time.ts reads in it, NULL where it names no time. */
  readonly moment?: string
}

/** A test that SQL makes of one value. */
export type PlacedTest = ValueTest | AnyOfTexts

/** A field's value in a JSON object of flat names. */
interface JsonMember {
  readonly type: 'json'
  readonly sql: string
  /** SQL of the JSON pointer to the field. */
  readonly pointer: string
}

export type Place = DuckDbColumn | JsonMember

const refused = 'FALSE'

/** SQL that is true when some value at the place satisfies the test; of a test that is not exact, when some value may. */
export function conditionAt(test: PlacedTest, place: Place, bind: Bind): string {
  switch (place.type) {
    case 'text':
      if (test.kind === 'moment' && place.moment !== undefined) return onSide(test, place.moment, bind)
      if (test.kind === 'network' && place.ipv4 !== undefined) return ofAddress(test.cidr, place.sql, place.ipv4, bind)
      return test.kind === 'null' ? refused : ofText(test, place.sql, bind)
    case 'number':
      return ofNumber(test, place.sql, bind)
    case 'boolean':
      return ofBoolean(test, place.sql, bind)
    case 'list':
      if (test.kind === 'exists') return `len(${place.sql}) > 0`
      return anyOf(place.sql, 'member', (member) => ofText(test, member, bind))
    case 'json':
      return ofJson(test, place, bind)
  }
}

/** SQL that is true when there is no value at the place. */
export function emptyAt(place: Place): string {
  if (place.type === 'list') return `coalesce(len(${place.sql}), 0) = 0`
  if (place.type !== 'json') return `${place.sql} IS NULL`
  const { sql, pointer } = place
  return `CASE json_type(${sql}, ${pointer}) WHEN 'ARRAY' THEN json_array_length(${sql}, ${pointer}) = 0 ELSE json_type(${sql}, ${pointer}) IS NULL END`
}

/** SQL of a VARCHAR[] of the texts at a place. */
export function textsAt(place: Place): string {
  switch (place.type) {
    case 'text':
      return `[${place.sql}]`
    case 'number':
      return `[${numberText(place.sql)}]`
    case 'boolean':
      return `[CAST(${place.sql} AS VARCHAR)]`
    case 'list':
      return `coalesce(${place.sql}, [])`
    case 'json': {
      const value = `json_extract(${place.sql}, ${place.pointer})`
      const members = `CASE json_type(${value}) WHEN 'ARRAY' THEN CAST(${value} AS JSON[]) ELSE [${value}] END`
      return mapped(members, 'value', jsonText)
    }
  }
}

/** SQL of a VARCHAR[] of every string in a JSON object of scalars and arrays of scalars. */
export function stringsIn(object: string): string {
  const members = `list_concat(json_extract(${object}, '$.*'), json_extract(${object}, '$.*[*]'))`
  const strings = kept(members, 'value', (value) => `json_type(${value}) = 'VARCHAR'`)
  return mapped(strings, 'value', (value) => `${value} ->> '$'`)
}

/** SQL that is true when a text satisfies the test. */
export function ofText(test: PlacedTest, text: string, bind: Bind): string {
  switch (test.kind) {
    case 'exists':
      return `${text} IS NOT NULL`
    case 'null':
      return `${text} IS NULL`
    case 'compare':
      return `${spelledNumber(text)} ${operators[test.operator]} ${bindNumber(test.value, bind)}`
    case 'timePart':
      return `${timePartOf(test.part, momentOfText(text))} = ${bindNumber(test.value, bind)}`
    case 'moment':
      return onSide(test, momentOfText(text), bind)
    case 'network':
      return ofNetwork(test.cidr, text, bind)
    case 'regex': {
      const pattern = portablePattern(test)
      return pattern === undefined ? mayMatch(test, text, bind) : `regexp_matches(${text}, ${bind(pattern)})`
    }
    default:
      return textCondition(test, text, bind)
  }
}

function onSide({ side, at }: Extract<ValueTest, { readonly kind: 'moment' }>, milliseconds: string, bind: Bind): string {
  return `${milliseconds} ${side === 'since' ? '>=' : '<'} CAST(${bind(String(at))} AS BIGINT)`
}

/** SQL that is true at least where the regular expression matches. */
function mayMatch({ source, flags }: Extract<ValueTest, { readonly kind: 'regex' }>, text: string, bind: Bind): string {
  const needs = necessaryTexts(source, flags).map((value) => textCondition({ kind: 'contains', value }, text, bind))
  return needs.length === 0 ? `${text} IS NOT NULL` : `(${needs.join(' OR ')})`
}

/** A network of IPv4 is a range of the numbers; a text without number is an address of IPv6, or none. */
function ofAddress(cidr: string, text: string, number: string, bind: Bind): string {
  const network = parseNetwork(cidr)
  if (network === undefined) return refused
  const otherwise = `(${number} IS NULL AND contains(${text}, ':') AND ${ofNetwork(cidr, text, bind)})`
  if (network.bytes.length !== 4) return otherwise
  const free = 2 ** (32 - network.bits)
  const address = network.bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  const first = Math.floor(address / free) * free
  return `(${number} BETWEEN ${first} AND ${first + free - 1} OR ${otherwise})`
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function ofNetwork(cidr: string, text: string, bind: Bind): string {
  const patterns = networkPatterns(cidr)
  if (patterns === undefined) return refused
  const fits = (pattern: string) => `regexp_full_match(${text}, ${bind(pattern)})`
  const { dotted, colons, exceptColons } = patterns
  const written = exceptColons === undefined ? fits(colons) : `${fits(colons)} AND NOT ${fits(exceptColons)}`
  return `CASE WHEN contains(${text}, ':') THEN length(${text}) <= 80 AND ${written} ELSE ${dotted === undefined ? refused : fits(dotted)} END`
}

function ofNumber(test: PlacedTest, number: string, bind: Bind): string {
  switch (test.kind) {
    case 'exists':
      return `${number} IS NOT NULL`
    case 'null':
    case 'network':
      return refused
    case 'compare':
      return `${number} ${operators[test.operator]} ${bindNumber(test.value, bind)}`
    case 'timePart':
      return `${timePartOf(test.part, momentOfNumber(number))} = ${bindNumber(test.value, bind)}`
    case 'moment':
      return onSide(test, momentOfNumber(number), bind)
    case 'equals': {
      const wanted = wholeNumber(test.value)
      // Lets DuckDB skip row groups by their smallest and largest value.
      return wanted === undefined ? ofText(test, numberText(number), bind) : `${number} = CAST(${bind(wanted)} AS BIGINT)`
    }
    case 'anyOf':
      return `(${test.tests.map((each) => ofNumber(each, number, bind)).join(' OR ')})`
    default:
      return mayMatchNumber(test) ? ofText(test, numberText(number), bind) : refused
  }
}

/** Whether a text that a number is written as can pass the test: it has no other characters than these. */
function mayMatchNumber(test: PlacedTest): boolean {
  switch (test.kind) {
    case 'anyOf':
      return test.tests.some(mayMatchNumber)
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return /^[-+.0-9eE]*$/.test(textOf(test.value) ?? '')
    case 'glob':
      return /^[-+.0-9eE*?]*$/.test(test.pattern)
    default:
      return true
  }
}

/** The text of an integer that every number type holds exactly. */
function wholeNumber(value: string | number | boolean): string | undefined {
  const text = textOf(value) ?? ''
  return Number.isSafeInteger(Number(text)) && String(Number(text)) === text ? text : undefined
}

function ofBoolean(test: PlacedTest, boolean: string, bind: Bind): string {
  if (test.kind === 'exists') return `${boolean} IS NOT NULL`
  if (test.kind === 'null' || test.kind === 'compare' || test.kind === 'timePart' || test.kind === 'moment' || test.kind === 'network')
    return refused
  if (test.kind === 'anyOf') return `(${test.tests.map((each) => ofBoolean(each, boolean, bind)).join(' OR ')})`
  if (test.kind === 'equals') {
    const wanted = test.cased ? textOf(test.value) : fold(textOf(test.value) ?? '')
    return wanted === 'true' || wanted === 'false' ? `${boolean} = ${wanted.toUpperCase()}` : refused
  }
  return ofText(test, `CAST(${boolean} AS VARCHAR)`, bind)
}

function ofJson(test: PlacedTest, { sql, pointer }: JsonMember, bind: Bind): string {
  const type = `json_type(${sql}, ${pointer})`
  const scalar = ofJsonScalar(test, type, `json_extract_string(${sql}, ${pointer})`, bind)
  return `CASE WHEN ${type} = 'ARRAY' THEN ${ofJsonArray(test, sql, pointer, bind)} ELSE ${scalar} END`
}

function ofJsonArray(test: PlacedTest, sql: string, pointer: string, bind: Bind): string {
  if (test.kind === 'exists') return `json_array_length(${sql}, ${pointer}) > 0`
  return anyOf(`CAST(json_extract(${sql}, ${pointer}) AS JSON[])`, 'member', (member) => {
    const condition = ofJsonScalar(test, `json_type(${member})`, `${member} ->> '$'`, bind)
    return test.kind === 'null' ? `${member} IS NULL OR ${condition}` : condition
  })
}

/** The condition of a scalar by its JSON type, which is SQL NULL for a missing one. */
function ofJsonScalar(test: PlacedTest, type: string, written: string, bind: Bind): string {
  const text = `(${written})`
  switch (test.kind) {
    case 'exists':
      return `${type} IS NOT NULL`
    case 'null':
      return `${type} = 'NULL'`
    case 'compare':
      return `CASE WHEN ${type} <> 'BOOLEAN' THEN ${ofText(test, text, bind)} END`
    case 'timePart':
    case 'moment':
      return (
        `CASE WHEN ${type} = 'VARCHAR' THEN ${ofText(test, text, bind)}` +
        ` WHEN ${type} IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN ${ofNumber(test, `CAST(${text} AS DOUBLE)`, bind)} END`
      )
    default:
      if (!mayMatchNumber(test)) return ofText(test, text, bind)
      return `CASE WHEN ${type} = 'DOUBLE' THEN ${ofText(test, jsonNumberText(text), bind)} ELSE ${ofText(test, text, bind)} END`
  }
}

function jsonText(value: string): string {
  return `CASE WHEN json_type(${value}) = 'DOUBLE' THEN ${jsonNumberText(`(${value} ->> '$')`)} ELSE ${value} ->> '$' END`
}

/** DuckDB keeps the digits of integers that it calls DOUBLE, and so does ir/event.ts. */
function jsonNumberText(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]+') THEN ${text} ELSE ${numberText(`CAST(${text} AS DOUBLE)`)} END`
}

function bindNumber(value: number, bind: Bind): string {
  return `CAST(${bind(String(value))} AS DOUBLE)`
}
