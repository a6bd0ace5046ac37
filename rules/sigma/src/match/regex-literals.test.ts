import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { texts } from '../convert/testing/arbitrary.ts'
import { compileRegex } from '../ir/regex.ts'
import { fold, textOf } from '../ir/text.ts'
import { necessaryFor } from './regex-literals.ts'

describe('texts that a regular expression needs', () => {
  it.each<[string, string, string[], number]>([
    ['abc', '', ['abc'], 3],
    ['A.*bcd', '', ['bcd'], 4],
    ['(?:foo|barbaz)x', '', ['foox', 'barbazx'], 4],
    ['(foo|bar)+x?', '', ['foo', 'bar'], 3],
    ['(foo|)x', '', ['foox', 'x'], 1],
    ['[Rr]un[dD]ll\\.', '', ['rundll.'], 7],
    ['\\w\\.[ "\']{1}', '', ['. ', '."', ".'"], 3],
    ['(?i)sek', '', ['sek', 'ſek'], 3],
    ['đb', 'i', ['b'], 2],
    ['[a-z]b', '', ['b'], 2],
    ['[^a]b', '', ['b'], 2],
    ['[]a]b', '', [']b', 'ab'], 2],
    ['[[:alpha:]x]b', '', ['b'], 2],
    ['[a\\d]b[\\-c]', '', ['b-', 'bc'], 3],
    ['a{0}b', '', ['b'], 1],
    ['(?:ab){2,}c', '', ['ab'], 5],
    ['^a$\\bb', '', ['ab'], 2],
    ['(?P<name>ab)(?i:c)', '', ['abc'], 3],
    ['a|.', '', [], 1],
    ['\\x41b', '', [], 0],
    ['a\\n\\.', '', ['a\n.'], 3],
  ])('%s (flags %s)', (source, flags, texts, least) => expect(necessaryFor(source, flags)).toEqual({ texts, least }))

  it.each([
    ['\\s[a-fA-F0-9]{64}\\s[a-f0-9]{16}', '', { members: 'abcdef0123456789', count: 64 }],
    ['x(?:\\d{10,})', '', { members: '0123456789', count: 10 }],
    ['[a-z]{20}|b', '', undefined],
    ['[^a]{20}', '', undefined],
    ['[a-z]{20}', 'i', undefined],
    ['[đa-f]{20}', '', undefined],
    ['[a-f]{0,20}', '', undefined],
  ])('%s (flags %s) needs the run %j', (source, flags, run) => expect(necessaryFor(source, flags).run).toEqual(run))

  const pieces = [
    'a',
    'B',
    's',
    'K',
    '.',
    '.*',
    '\\d+',
    '\\s',
    '^',
    '$',
    '\\b',
    '[ab]',
    '[^a]',
    '[sK]',
    '[a-c]',
    '(a|b)',
    '(?:i|)',
    '(S|ab)+',
    'a{1,2}',
    'a{0}',
    'đ',
    'σ',
    '(?i)',
    '\\.',
  ]
  const sources = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((list) => list.join(''))
  it('occur in whatever it matches', () => {
    fc.assert(
      fc.property(sources, fc.constantFrom('', 'i', 's'), fc.array(texts, { maxLength: 20 }), (source, flags, list) => {
        const matches = compileRegex(source, flags)
        const needed = necessaryFor(source, flags)
        for (const each of list) {
          const text = textOf(each)!
          if (!matches(text)) continue
          expect(fold(text).length).toBeGreaterThanOrEqual(needed.least)
          expect(needed.texts.length === 0 || needed.texts.some((wanted) => fold(text).includes(wanted))).toBe(true)
        }
      }),
      { numRuns: 5000 },
    )
  })
})
