import { expect, it } from 'vitest'
import type { Expression } from '../ir/expression.ts'
import { createMatcher } from './matcher.ts'
import { testRule as rule } from './testing/rule.ts'

const hasA: Expression = { field: 'a', test: { kind: 'contains', value: 'x' } }
const bytes = (text: string) => new TextEncoder().encode(text)

it('skips a rule only where both name a dimension and differ in it', () => {
  const rules = [rule('any', hasA), rule('windows', hasA, { product: 'windows' }), rule('linux', hasA, { product: 'linux' })]
  const ids = (event: Record<string, string>, all = false) =>
    createMatcher(rules, { all })
      .match({ a: 'x', ...event })
      .map(({ id }) => id)
  expect(ids({ product: 'Windows' })).toEqual(['any', 'windows'])
  expect(ids({ category: 'dns' })).toEqual(['any', 'windows', 'linux'])
  expect(ids({ product: 'windows' }, true)).toEqual(['any', 'windows', 'linux'])
})

it('takes the log source from the fields that it is told', () => {
  const fields = { product: 'l.p', category: 'l.c', service: 'l.s' }
  const matcher = createMatcher([rule('linux', hasA, { product: 'linux' })], { logSourceFields: fields })
  expect(matcher.match({ a: 'x', product: 'windows' })).toHaveLength(1)
  expect(matcher.match({ a: 'x', 'l.p': 'windows' })).toHaveLength(0)
})

it('says which bytes of which line matched, and which lines are no events', () => {
  const matcher = createMatcher([rule('r', hasA)])
  const hits: number[][] = []
  const result = matcher.matchLines(bytes('{"a":"x"}\n\n{"a":\n[1]\r\n{"a":"yx"}'), (...hit) => hits.push(hit))
  expect(hits).toEqual([
    [0, 0, 9, 0],
    [4, 22, 32, 0],
  ])
  expect(result).toEqual({
    lines: 4,
    rejected: [
      { line: 2, start: 11, end: 16, reason: 'malformed' },
      { line: 3, start: 17, end: 21, reason: 'not-an-object' },
    ],
  })
})

it('matches the new rules after they are replaced', () => {
  const matcher = createMatcher([rule('old', hasA)])
  matcher.replaceRules([rule('new', hasA)])
  expect(matcher.match({ a: 'x' }).map(({ id }) => id)).toEqual(['new'])
  expect(matcher.rules.map(({ id }) => id)).toEqual(['new'])
})
