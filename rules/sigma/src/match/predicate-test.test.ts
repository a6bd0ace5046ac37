import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMatcher } from './matcher.ts'
import { testRule } from './testing/rule.ts'

it('a run that a regular expression needs is found wherever it stands', () => {
  const matcher = createMatcher([testRule('r', { field: 'a', test: { kind: 'regex', source: '[0-9a-f]{10}', flags: '' } })])
  const texts = fc
    .array(fc.constantFrom('0', 'f', '99', 'aaaaaaaaa', '0123456789', ' ', 'x', 'đ'), { maxLength: 12 })
    .map((list) => list.join(''))
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), (a) => {
      expect(matcher.match({ a }).length).toBe(a.some((text) => /[0-9a-f]{10}/.test(text)) ? 1 : 0)
    }),
    { numRuns: 3000 },
  )
})
