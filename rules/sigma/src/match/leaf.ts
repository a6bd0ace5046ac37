/** Tests of parsed values, prepared once: for the kinds of test that do not run on the event's bytes. */
import type { Scalar, Test } from '../ir/expression.ts'
import type { ValueTest } from '../ir/evaluate.ts'
import { type GlobPart, parseGlob } from '../ir/glob.ts'
import { networkContains, parseAddress, parseNetwork } from '../ir/network.ts'
import { compileRegex } from '../ir/regex.ts'
import { fold, numberOf, textOf } from '../ir/text.ts'
import { isOnSide, timePartOf } from '../ir/time.ts'

export type ValuePredicate = (value: Scalar) => boolean

/**
 * A function that says what `satisfies(test, value)` says. It throws a SyntaxError when it is first called, if the test is a regular
 * expression that RE2 does not take; loading rules has refused these.
 */
export function prepareTest(test: Exclude<ValueTest, { readonly kind: 'exists' | 'null' }>): ValuePredicate {
  switch (test.kind) {
    case 'compare':
      return prepareComparison(test.operator, test.value)
    case 'timePart':
      return (value) => timePartOf(value, test.part) === test.value
    case 'moment':
      return (value) => isOnSide(value, test)
    case 'network': {
      const network = parseNetwork(test.cidr)
      return onText((text) => {
        const address = network && parseAddress(text)
        return network !== undefined && address !== undefined && networkContains(network, address)
      })
    }
    case 'regex':
      return onText(whenNeeded(() => compileRegex(test.source, test.flags)))
    case 'glob':
      return test.cased ? onText(prepareGlob(test.pattern)) : onFolded(prepareGlob(fold(textOf(test.pattern) ?? '')))
    default: {
      const value = textOf(test.value) ?? ''
      return test.cased ? onText(prepareText(test.kind, value)) : onFolded(prepareText(test.kind, fold(value)))
    }
  }
}

/** A comparison of two texts as `equalsField` makes it. */
export function textRelation(test: Extract<Test, { kind: 'equalsField' }>): (value: Scalar, other: Scalar) => boolean {
  const prepared = (value: Scalar) => {
    const text = textOf(value)
    return text === undefined || test.cased ? text : fold(text)
  }
  return (value, other) => {
    const wanted = prepared(other)
    const text = prepared(value)
    return wanted !== undefined && text !== undefined && prepareText(test.match, wanted)(text)
  }
}

/** Most expressions of a rule set are never reached, and compiling them takes long. */
function whenNeeded(compile: () => (text: string) => boolean): (text: string) => boolean {
  let compiled: ((text: string) => boolean) | undefined
  return (text) => (compiled ??= compile())(text)
}

function onText(test: (text: string) => boolean): ValuePredicate {
  return (value) => {
    const text = textOf(value)
    return text !== undefined && test(text)
  }
}

function onFolded(test: (text: string) => boolean): ValuePredicate {
  return onText((text) => test(fold(text)))
}

function prepareText(kind: 'equals' | 'prefix' | 'suffix' | 'contains', wanted: string): (text: string) => boolean {
  switch (kind) {
    case 'equals':
      return (text) => text === wanted
    case 'prefix':
      return (text) => text.startsWith(wanted)
    case 'suffix':
      return (text) => text.endsWith(wanted)
    case 'contains':
      return (text) => text.includes(wanted)
  }
}

function prepareComparison(operator: 'lt' | 'lte' | 'gt' | 'gte', limit: number): ValuePredicate {
  const onNumber = (test: (number: number) => boolean): ValuePredicate => {
    return (value) => {
      const number = numberOf(value)
      return number !== undefined && test(number)
    }
  }
  switch (operator) {
    case 'lt':
      return onNumber((number) => number < limit)
    case 'lte':
      return onNumber((number) => number <= limit)
    case 'gt':
      return onNumber((number) => number > limit)
    case 'gte':
      return onNumber((number) => number >= limit)
  }
}

/** What stands between two `*`: literal runs and `?`. */
type Segment = readonly GlobPart[]

/**
 * The pattern cut at its `*`: the first segment must stand at the start, the last at the end, those between are looked for one after
 * the other, each at its leftmost place, which leaves the most room for the rest.
 */
function prepareGlob(pattern: string): (text: string) => boolean {
  const segments: GlobPart[][] = [[]]
  for (const part of parseGlob(textOf(pattern) ?? '')) {
    if (part.kind === 'many') segments.push([])
    else segments.at(-1)?.push(part)
  }
  const [first = [], ...rest] = segments
  const last = rest.pop()
  if (last === undefined) return (text) => endOfSegment(first, text, 0) === text.length
  return (text) => {
    let at = endOfSegment(first, text, 0)
    for (const segment of rest) {
      if (at < 0) return false
      at = findSegment(segment, text, at)
    }
    return at >= 0 && endsWithSegment(last, text, at)
  }
}

/** Where the segment ends when it begins at `at`, or -1 where it does not match there. */
function endOfSegment(segment: Segment, text: string, at: number): number {
  let end = at
  for (const part of segment) {
    if (part.kind === 'text') {
      if (!text.startsWith(part.text, end)) return -1
      end += part.text.length
    } else {
      if (end >= text.length) return -1
      end += text.codePointAt(end)! > 0xffff ? 2 : 1
    }
  }
  return end
}

/** The end of the leftmost match at or after `from`, or -1. */
function findSegment(segment: Segment, text: string, from: number): number {
  const [head] = segment
  for (let at = from; at <= text.length; at = nextCharacter(text, at)) {
    if (head?.kind === 'text') at = text.indexOf(head.text, at)
    if (at < 0) return -1
    const end = endOfSegment(segment, text, at)
    if (end >= 0) return end
  }
  return -1
}

function endsWithSegment(segment: Segment, text: string, from: number): boolean {
  let at = text.length
  for (let i = segment.length - 1; i >= 0; i--) {
    const part = segment[i]
    if (part?.kind === 'text') {
      if (!text.endsWith(part.text, at)) return false
      at -= part.text.length
    } else at = previousCharacter(text, at)
    if (at < from) return false
  }
  return true
}

function nextCharacter(text: string, at: number): number {
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
}

function previousCharacter(text: string, at: number): number {
  return at - (at >= 2 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1)
}
