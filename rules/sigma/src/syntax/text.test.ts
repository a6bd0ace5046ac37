import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOne, anyRun, formatText, joinParts, literalText, parseText, withPlaceholders, type TextPart } from './text.ts'

describe('parseText', () => {
  const cases: readonly [string, string, readonly TextPart[]][] = [
    ['plain text', 'abc', ['abc']],
    ['the empty text', '', []],
    ['wildcards', 'a*b?c', ['a', anyRun, 'b', anyOne, 'c']],
    ['an escaped star', String.raw`a\*b`, ['a*b']],
    ['an escaped question mark', String.raw`a\?b`, ['a?b']],
    ['one backslash written singly', String.raw`a\b`, [String.raw`a\b`]],
    ['one backslash written twice', String.raw`a\\b`, [String.raw`a\b`]],
    ['a backslash and a wildcard', String.raw`a\\*`, ['a\\', anyRun]],
    ['a backslash at the end', 'C:\\', ['C:\\']],
    ['two backslashes at the end are one', 'C:\\\\', ['C:\\']],
    ['a backslash and an escaped star', String.raw`\\\*`, ['\\*']],
    ['a share needs three', String.raw`\\\share`, [String.raw`\\share`]],
  ]
  it.each(cases)('%s', (_, written, parts) => {
    expect(parseText(written)).toEqual(parts)
  })
})

const parts = fc.array(
  fc.oneof(fc.string({ minLength: 1, unit: fc.constantFrom('a', '\\', '*', '?', 'é', '\n') }), fc.constant(anyRun), fc.constant(anyOne)),
)

it('what formatText writes, parseText reads', () => {
  fc.assert(
    fc.property(parts, (original) => {
      const joined = joinParts(original)
      expect(parseText(formatText(joined))).toEqual(joined)
    }),
  )
})

it('literalText is the text without wildcards, or nothing', () => {
  expect(literalText([])).toBe('')
  expect(literalText(['a'])).toBe('a')
  expect(literalText(['a', anyRun])).toBeUndefined()
  expect(literalText([anyRun])).toBeUndefined()
})

it('joinParts joins literals and repeated stars, and drops empty texts', () => {
  expect(joinParts(['a', 'b', anyRun, anyRun, '', anyOne, anyOne])).toEqual(['ab', anyRun, anyOne, anyOne])
})

it('placeholders stand between percent signs', () => {
  expect(withPlaceholders(['a%users%b', anyRun, '100%', '%%'])).toEqual(['a', { placeholder: 'users' }, 'b', anyRun, '100%', '%%'])
  expect(formatText([{ placeholder: 'users' }])).toBe('%users%')
})
