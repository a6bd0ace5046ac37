import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CorrelationRule } from '../rule.ts'
import { createCorrelator } from './correlator.ts'
import { correlation, detections, hit, results } from './testing/rules.ts'
import type { CorrelationHit, RuleHit } from './types.ts'

const gte = (value: number, fields: string[] = []): CorrelationRule['condition'] => ({ comparisons: [{ operator: 'gte', value }], fields })

const rules: readonly CorrelationRule[] = [
  correlation('count', { groupBy: ['g'], timespanMs: 20_000 }),
  correlation('distinct', { type: 'value_count', rules: ['a', 'b'], timespanMs: 15_000, condition: gte(3, ['v']) }),
  correlation('sum', { type: 'value_sum', groupBy: ['g'], timespanMs: 10_000, condition: gte(12, ['v']) }),
  correlation('few', { timespanMs: 10_000, condition: { comparisons: [{ operator: 'lte', value: 2 }], fields: [] } }),
  correlation('median', { type: 'value_median', rules: ['b'], groupBy: ['g'], timespanMs: 8_000, condition: gte(4, ['v']) }),
  correlation('together', { type: 'temporal', rules: ['a', 'b', 'c'], timespanMs: 9_000, condition: gte(3) }),
  correlation('ordered', { type: 'temporal_ordered', rules: ['count', 'b', 'c'], groupBy: ['g'], timespanMs: 30_000, condition: gte(3) }),
]
const someHits = fc.array(
  fc.record({
    rule: fc.constantFrom('a', 'b', 'c'),
    // Whole times would meet in one millisecond, where the order of arrival counts.
    time: fc.noBias(fc.integer({ min: 0, max: 100_000 })),
    event: fc.record({ g: fc.constantFrom('x', 'y'), v: fc.integer({ min: 0, max: 8 }) }, { requiredKeys: ['g'] }),
  }),
  { maxLength: 80 },
)
const distinctTimes = someHits.map((hits) => [...new Map(hits.map((each) => [each.time, each])).values()])
const plain = (found: readonly CorrelationHit[]) => JSON.parse(JSON.stringify(found.map(({ rule, ...rest }) => [rule.id, rest]))) as unknown

describe('properties', () => {
  it('the order of arrival does not matter', () => {
    fc.assert(
      fc.property(distinctTimes, fc.infiniteStream(fc.nat(1_000_000)), (hits, keys) => {
        const inOrder = hits.toSorted((one, other) => one.time - other.time)
        const shuffled = hits.map((each) => ({ each, key: keys.next().value as number })).toSorted((one, other) => one.key - other.key)
        const found = (list: readonly RuleHit[]) => {
          const correlator = createCorrelator(rules, detections)
          for (const each of list) correlator.add(each)
          return plain(correlator.advance(1_000_000))
        }
        expect(found(shuffled.map(({ each }) => each))).toEqual(found(inOrder))
      }),
      { numRuns: 60 },
    )
  })

  it('a restored snapshot goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(distinctTimes, fc.nat(80), (hits, at) => {
        const inOrder = hits.toSorted((one, other) => one.time - other.time)
        const whole = createCorrelator(rules, detections)
        let parts = createCorrelator(rules, detections)
        const [foundWhole, foundParts]: CorrelationHit[][] = [[], []]
        for (const [index, each] of inOrder.entries()) {
          if (index === at) parts = createCorrelator(rules, detections, {}, JSON.parse(JSON.stringify(parts.snapshot())))
          for (const [correlator, found] of [
            [whole, foundWhole],
            [parts, foundParts],
          ] as const) {
            correlator.add(each)
            found?.push(...correlator.advance(each.time))
          }
        }
        foundWhole?.push(...whole.advance(1_000_000))
        foundParts?.push(...parts.advance(1_000_000))
        expect(plain(foundParts ?? [])).toEqual(plain(foundWhole ?? []))
        expect(parts.statistics).toEqual(whole.statistics)
      }),
      { numRuns: 60 },
    )
  })

  it('a changed rule starts anew', () => {
    const before = createCorrelator([correlation('x', { condition: gte(2) })], detections, { latenessMs: 0 })
    before.add(hit('a', 0))
    before.advance(0)
    const changed = createCorrelator(
      [correlation('x', { condition: gte(2), timespanMs: 60_000 })],
      detections,
      { latenessMs: 0 },
      before.snapshot(),
    )
    expect(results(changed, [hit('a', 1)])).toEqual([])
    const same = createCorrelator([correlation('x', { condition: gte(2) })], detections, { latenessMs: 0 }, before.snapshot())
    expect(results(same, [hit('a', 1)])).toEqual([['x', 0, 1, 2]])
  })

  it.each(['temporal', 'temporal_ordered'] as const)('%s is what trying all combinations of hits gives', (type) => {
    const fires = (within: readonly RuleHit[], last: RuleHit) => {
      const times = (rule: string) => within.filter((each) => each.rule === rule).map(({ time }) => time)
      if (type === 'temporal') return ['a', 'b', 'c'].every((rule) => times(rule).length > 0)
      return last.rule === 'c' && times('a').some((first) => times('b').some((second) => first < second))
    }
    fc.assert(
      fc.property(distinctTimes, (hits) => {
        const inOrder = hits.toSorted((one, other) => one.time - other.time)
        const wanted: number[] = []
        let spent = -1
        for (const last of inOrder) {
          const within = inOrder.filter(({ time }) => time > last.time - 15_000 && time <= last.time && time > spent)
          if (!fires(within, last)) continue
          wanted.push(last.time)
          spent = last.time
        }
        const rule = correlation('x', { type, rules: ['a', 'b', 'c'], timespanMs: 15_000, condition: gte(3) })
        const correlator = createCorrelator([rule], detections)
        for (const each of hits) correlator.add(each)
        expect(correlator.advance(1_000_000).map(({ to }) => to)).toEqual(wanted)
      }),
    )
  })

  it.each(['event_count', 'value_count', 'value_sum'] as const)('%s is what adding up each window anew gives', (type) => {
    const least = type === 'value_sum' ? 12 : 3
    const valueOf = (values: readonly (number | undefined)[]) => {
      const present = values.filter((value) => value !== undefined)
      if (type === 'value_sum') return present.reduce((sum, value) => sum + value, 0)
      return type === 'value_count' ? new Set(present).size : values.length
    }
    fc.assert(
      fc.property(distinctTimes, (hits) => {
        const inOrder = hits.filter(({ rule }) => rule === 'a').toSorted((one, other) => one.time - other.time)
        const wanted: unknown[] = []
        let spent = -1
        for (const { time, event } of inOrder) {
          const within = inOrder.filter((each) => each.time > time - 20_000 && each.time <= time && each.time > spent)
          const value = valueOf(within.map((each) => each.event.v))
          if (value < least || (type !== 'event_count' && event.v === undefined)) continue
          wanted.push([time, value])
          spent = time
        }
        const rule = correlation('x', { type, timespanMs: 20_000, condition: gte(least, type === 'event_count' ? [] : ['v']) })
        const correlator = createCorrelator([rule], detections)
        for (const each of hits) correlator.add(each)
        expect(correlator.advance(1_000_000).map(({ to, value }) => [to, value])).toEqual(wanted)
      }),
    )
  })
})
