/**
 * The reference evaluator: it says what an expression means, and is written to be checked by reading. The matcher and the
 * converters are held to it.
 *
 * - A field's values are the members of its array, or its one value. A missing field and an empty array have none.
 * - A predicate holds when any value satisfies it, so it is false on a missing field and its negation is true. The one
 *   exception is `null`, which also holds when there is no value (Elasticsearch cannot tell the two apart); `exists` can: it
 *   holds for every present value, null included. The empty string is a value like any other.
 * - Text is compared folded (see text.ts) unless the test is cased; numbers and booleans compare as their text.
 * - The field `*` has every string of the event as its values.
 */
import { anyText, type Expression, type FlatEvent, type Predicate, type Scalar, type Test } from './expression.ts'
import { globMatches, parseGlob } from './glob.ts'
import { networkContains, parseAddress, parseNetwork } from './network.ts'
import { compileRegex } from './regex.ts'
import { fold, numberOf, textOf } from './text.ts'
import { isOnSide, timePartOf } from './time.ts'

/** Whether the expression is true of the event. Throws a SyntaxError for a regular expression that RE2 does not take. */
export function evaluate(expression: Expression, event: FlatEvent): boolean {
  if ('all' in expression) return expression.all.every((member) => evaluate(member, event))
  if ('any' in expression) return expression.any.some((member) => evaluate(member, event))
  if ('not' in expression) return !evaluate(expression.not, event)
  return holds(expression, event)
}

/** The values of a field, in their order. */
export function valuesOf(event: FlatEvent, field: string): readonly Scalar[] {
  if (field === anyText) return Object.keys(event).flatMap((name) => listOf(event[name]).filter((value) => typeof value === 'string'))
  return Object.hasOwn(event, field) ? listOf(event[field]) : []
}

/** The values of the predicate's field that satisfy its test. */
export function satisfying(predicate: Predicate, event: FlatEvent): readonly Scalar[] {
  const values = valuesOf(event, predicate.field)
  const { test } = predicate
  if (test.kind !== 'equalsField') return values.filter((value) => satisfies(test, value))
  const others = valuesOf(event, test.other)
  const comparison = (other: string) => ({ kind: test.match, value: other, ...(test.cased && { cased: true as const }) })
  return values.filter((value) =>
    others.some((other) => {
      const text = textOf(other)
      return text !== undefined && satisfies(comparison(text), value)
    }),
  )
}

function holds(predicate: Predicate, event: FlatEvent): boolean {
  if (predicate.test.kind === 'null' && valuesOf(event, predicate.field).length === 0) return true
  return satisfying(predicate, event).length > 0
}

function listOf(value: Scalar | readonly Scalar[] | undefined): readonly Scalar[] {
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value)
}

/** A test of one value on its own: every kind except `equalsField`. */
export type ValueTest = Exclude<Test, { readonly kind: 'equalsField' }>

/** Whether one value satisfies a test. */
export function satisfies(test: ValueTest, value: Scalar): boolean {
  switch (test.kind) {
    case 'exists':
      return true
    case 'null':
      return value === null
    case 'compare': {
      const number = numberOf(value)
      return number !== undefined && compares(test.operator, number, test.value)
    }
    case 'timePart':
      return timePartOf(value, test.part) === test.value
    case 'moment':
      return isOnSide(value, test)
    default: {
      const text = textOf(value)
      return text !== undefined && satisfiesText(test, text)
    }
  }
}

type TextTest = Exclude<ValueTest, { readonly kind: 'exists' | 'null' | 'compare' | 'timePart' | 'moment' }>

function satisfiesText(test: TextTest, text: string): boolean {
  if (test.kind === 'regex') return regexOf(test)(text)
  if (test.kind === 'network') {
    const network = parseNetwork(test.cidr)
    const address = parseAddress(text)
    return network !== undefined && address !== undefined && networkContains(network, address)
  }
  const compared = (of: string) => (test.cased ? of : fold(of))
  const value = compared(text)
  if (test.kind === 'glob') return globMatches(parseGlob(compared(textOf(test.pattern) ?? '')), value)
  const wanted = compared(textOf(test.value) ?? '')
  switch (test.kind) {
    case 'equals':
      return value === wanted
    case 'prefix':
      return value.startsWith(wanted)
    case 'suffix':
      return value.endsWith(wanted)
    case 'contains':
      return value.includes(wanted)
  }
}

function compares(operator: 'lt' | 'lte' | 'gt' | 'gte', left: number, right: number): boolean {
  switch (operator) {
    case 'lt':
      return left < right
    case 'lte':
      return left <= right
    case 'gt':
      return left > right
    case 'gte':
      return left >= right
  }
}

const compiledRegexes = new WeakMap<Test, (text: string) => boolean>()

function regexOf(test: Extract<Test, { readonly kind: 'regex' }>): (text: string) => boolean {
  const known = compiledRegexes.get(test)
  if (known !== undefined) return known
  const compiled = compileRegex(test.source, test.flags)
  compiledRegexes.set(test, compiled)
  return compiled
}
