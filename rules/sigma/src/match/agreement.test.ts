import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { events, expressions } from '../convert/testing/arbitrary.ts'
import { evaluate } from '../ir/evaluate.ts'
import { readEvent } from '../ir/event.ts'
import { createMatcher } from './matcher.ts'
import { testRule } from './testing/rule.ts'

/** More events than are sampled before the matcher makes a plan of its own. */
const eventCount = 400

it('objects and bytes match as the reference says, before and after the matcher has learned', () => {
  let pairs = 0
  const rules = fc.array(expressions, { minLength: 50, maxLength: 80 })
  const lists = fc.array(events, { minLength: 25, maxLength: 40 })
  fc.assert(
    fc.property(rules, lists, (expressions, distinct) => {
      const lines = (count: number) =>
        new TextEncoder().encode(Array.from({ length: count }, (_, i) => JSON.stringify(distinct[i % distinct.length])).join('\n'))
      const expected = distinct.map((event) => trueRules(expressions, JSON.stringify(event)))
      pairs += distinct.length * expressions.length
      const matcher = createMatcher(expressions.map((expression, i) => testRule(String(i), expression)))
      for (const count of [eventCount, distinct.length]) {
        const found: number[][] = Array.from({ length: count }, () => [])
        matcher.matchLines(lines(count), (line, _start, _end, rule) => found[line]!.push(rule))
        for (const [i, hits] of found.entries()) expect(hits).toEqual(expected[i % distinct.length])
        for (const [i, event] of distinct.entries()) expect(matcher.match(event).map(({ id }) => Number(id))).toEqual(expected[i])
      }
      expect(matcher.statistics().routes[0]?.trainings).toBe(1)
    }),
    { numRuns: 60 },
  )
  expect(pairs).toBeGreaterThan(100_000)
}, 120_000)

function trueRules(expressions: readonly Parameters<typeof evaluate>[0][], json: string): number[] {
  const event = readEvent(json)
  return [...expressions.keys()].filter((i) => evaluate(expressions[i]!, event))
}
