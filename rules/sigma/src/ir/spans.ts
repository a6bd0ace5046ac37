import type { Scalar, Test } from './expression.ts'
import { findRegex } from './regex.ts'
import { fold, textOf } from './text.ts'

/** Where in a value's text: UTF-16 units, `end` is behind the last. */
export type Span = readonly [start: number, end: number]

/** A value that repeats what the rule asks for is marked this often; more says nothing more. */
const maxSpans = 50

/**
 * Where a value that satisfies the test does so, from left to right and apart from each other; for people to read, in time linear in the value.
 * Empty for the tests that are not of a stretch of text (networks, numbers, times, presence, globs).
 */
export function spansOf(test: Test, value: Scalar): readonly Span[] {
  const text = textOf(value)
  if (text === undefined) return []
  if (test.kind === 'regex') return findRegex(test.source, test.flags, text, maxSpans)
  if (test.kind !== 'equals' && test.kind !== 'prefix' && test.kind !== 'suffix' && test.kind !== 'contains') return []
  const compared = test.cased ? (of: string) => of : fold
  const haystack = compared(text)
  const needle = compared(textOf(test.value) ?? '')
  if (needle === '') return []
  const toText = haystack.length === text.length ? (at: number) => at : unfolded(text, compared)
  return occurrences(test.kind, haystack, needle).map((at) => [toText(at), toText(at + needle.length)])
}

function occurrences(kind: 'equals' | 'prefix' | 'suffix' | 'contains', text: string, needle: string): readonly number[] {
  if (kind === 'suffix') return text.endsWith(needle) ? [text.length - needle.length] : []
  if (kind !== 'contains') return text.startsWith(needle) ? [0] : []
  const found: number[] = []
  for (let at = text.indexOf(needle); at >= 0 && found.length < maxSpans; at = text.indexOf(needle, at + needle.length)) found.push(at)
  return found
}

/** From a position in the folded text to one in the text, where folding made characters longer (`İ` is two then). */
function unfolded(text: string, compared: (of: string) => string): (at: number) => number {
  const positions: number[] = []
  let at = 0
  for (const character of text) {
    const length = compared(character).length
    for (let i = 0; i < length; i++) positions.push(i < character.length ? at + i : at)
    at += character.length
  }
  positions.push(at)
  return (position) => positions[position] ?? at
}
