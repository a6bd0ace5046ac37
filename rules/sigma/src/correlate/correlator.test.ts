import { describe, expect, it } from 'vitest'
import type { CorrelationRule } from '../rule.ts'
import { correlatedFields, createCorrelator } from './correlator.ts'
import { brief, correlation, detections, hit, results } from './testing/rules.ts'
import type { RuleHit } from './types.ts'

const gte = (value: number, fields: string[] = []): CorrelationRule['condition'] => ({ comparisons: [{ operator: 'gte', value }], fields })
const run = (rule: Partial<CorrelationRule>, hits: readonly RuleHit[]) =>
  results(createCorrelator([correlation('x', rule)], detections), hits)

describe('counts', () => {
  it('fires when enough hits are within the timespan, and then counts anew', () => {
    const hits = [0, 100, 299, 300, 301, 400, 401].map((time) => hit('a', time))
    expect(run({ condition: gte(3) }, hits)).toEqual([
      ['x', 0, 299, 3],
      ['x', 300, 400, 3],
    ])
  })

  it('leaves out what is a timespan old', () => {
    expect(run({ condition: gte(2) }, [hit('a', 0), hit('a', 300)])).toEqual([])
    expect(run({ condition: gte(2) }, [hit('a', 0), hit('a', 299.999)])).toHaveLength(1)
  })

  it('counts apart for each group, whatever the case, and for each member of a list', () => {
    const user = (name: unknown, time: number) => hit('a', time, { user: name as string })
    const hits = [user('An', 0), user('AN', 1), user('Bình', 2), user(['bình', 'an'], 3), user(null, 4), hit('a', 5)]
    const correlator = createCorrelator([correlation('x', { groupBy: ['user'], condition: gte(3) })], detections)
    expect(results(correlator, hits)).toEqual([['x', 0, 3, 3]])
    expect(correlator.statistics.rules['x']?.unusable).toBe(2)
  })

  it('says which group and which events', () => {
    const correlator = createCorrelator([correlation('x', { groupBy: ['user'], condition: gte(2) })], detections, { mostReferences: 1 })
    for (const time of [0, 1]) correlator.add(hit('a', time, { user: 'An', other: 'x' }))
    const [found] = correlator.advance(20_000)
    expect(found).toMatchObject({ group: { user: 'An' }, hits: 2, references: ['a@1'] })
  })

  it('counts distinct values, and combinations of fields', () => {
    const tries = [
      ['an', 1],
      ['AN', 1],
      ['an', 2],
      ['b', 2],
    ] as const
    const hits = tries.map(([user, port], time) => hit('a', time, { user, port }))
    expect(run({ type: 'value_count', condition: gte(2, ['user']) }, hits)).toEqual([['x', 0, 3, 2]])
    expect(run({ type: 'value_count', condition: gte(3, ['user', 'port']) }, hits)).toEqual([['x', 0, 3, 3]])
  })

  it('forgets distinct values that leave the window', () => {
    const users = [hit('a', 0, { user: 'a' }), hit('a', 200, { user: 'b' }), hit('a', 400, { user: 'b' }), hit('a', 420, { user: 'c' })]
    expect(run({ type: 'value_count', condition: gte(3, ['user']) }, users)).toEqual([])
    expect(run({ type: 'value_count', condition: gte(2, ['user']) }, users.slice(1))).toEqual([['x', 200, 420, 2]])
  })

  it('adds up', () => {
    const sent = (bytes: unknown, time: number) => hit('a', time, { bytes: bytes as number })
    const hits = [sent(60, 0), sent('40', 1), sent('many', 2), sent(1, 3)]
    expect(run({ type: 'value_sum', condition: { comparisons: [{ operator: 'gt', value: 100 }], fields: ['bytes'] } }, hits)).toEqual([
      ['x', 0, 3, 101],
    ])
  })
})

it('goes on counting right over many hits', () => {
  const rule = correlation('x', { type: 'value_sum', timespanMs: 2_000_000, condition: gte(1_000_000, ['bytes']) })
  const correlator = createCorrelator([rule], detections, { latenessMs: 0 })
  for (let second = 0; second < 10_000; second++) {
    correlator.advance(second * 1000)
    correlator.add(hit('a', second, { bytes: 0.1 }))
  }
  expect(correlator.advance(10_000_000)).toEqual([])
  expect(correlator.statistics.rules['x']?.size).toBe(2_001)
  correlator.add(hit('a', 10_001, { bytes: 1e6 }))
  const [found] = correlator.advance(10_002_000)
  expect(found?.value).toBeCloseTo(1_000_199.8, 6)
})

it.each([
  ['gt', 2, [3]],
  ['gte', 2, [2, 3]],
  ['lt', 2, [1]],
  ['lte', 2, [1, 2]],
  ['eq', 2, [2]],
  ['neq', 2, [1, 3]],
] as const)('compares: %s %i', (operator, value, wanted) => {
  const condition = {
    comparisons: [
      { operator, value },
      { operator: 'lte', value: 3 },
    ],
    fields: [],
  } as const
  const counts = [1, 2, 3].filter((count) => {
    const hits = Array.from({ length: count }, (_, second) => hit('a', second))
    return run({ condition }, hits).length > 0
  })
  expect(counts).toEqual(wanted)
})

it('finds whole windows by distinct values, sums and numbers of rules', () => {
  const eq = (value: number, fields: string[] = []) => ({ comparisons: [{ operator: 'eq' as const, value }], fields })
  const hits = [hit('a', 0, { v: 1 }), hit('b', 1, { v: 2 }), hit('a', 2, { v: 1 })]
  const both = { rules: ['a', 'b'] }
  expect(run({ ...both, type: 'value_count', condition: eq(2, ['v']) }, hits)).toEqual([['x', 0, 2, 2]])
  expect(run({ ...both, type: 'value_sum', condition: eq(4, ['v']) }, hits)).toEqual([['x', 0, 2, 4]])
  expect(run({ ...both, type: 'temporal', condition: eq(2) }, hits)).toEqual([['x', 0, 2, 2]])
})

it('an event with long lists belongs to a bounded number of groups', () => {
  const long = Array.from({ length: 10_000 }, (_, n) => n)
  const correlator = createCorrelator([correlation('x', { groupBy: ['one', 'other'] })], detections)
  correlator.add(hit('a', 0, { one: long, other: long }))
  correlator.advance(20_000)
  expect(correlator.statistics.rules['x']?.groups).toBe(64)
})

it('of a window with many events tells the newest', () => {
  const condition: CorrelationRule['condition'] = { comparisons: [{ operator: 'lt', value: 100 }], fields: [] }
  const correlator = createCorrelator([correlation('x', { condition })], detections, { mostReferences: 2 })
  for (let second = 0; second < 9; second++) correlator.add(hit('a', second))
  expect(correlator.advance(1_000_000)[0]).toMatchObject({ hits: 9, references: ['a@7', 'a@8'] })
})

it('counts a hit as unusable when there is nothing in it to count', () => {
  const correlator = createCorrelator([correlation('x', { type: 'value_count', condition: gte(1) })], detections)
  expect(results(correlator, [hit('a', 0, { user: 'An' })])).toEqual([])
  expect(correlator.statistics.rules['x']?.unusable).toBe(1)
})

describe('windows that are decided at their end', () => {
  it('finds fewer hits than wanted, or exactly so many', () => {
    const hits = [0, 1, 400, 800, 801, 802].map((time) => hit('a', time))
    const fewer = { comparisons: [{ operator: 'lt', value: 3 }], fields: [] } as const
    const exactly = { comparisons: [{ operator: 'eq', value: 3 }], fields: [] } as const
    expect(run({ condition: fewer }, hits)).toEqual([
      ['x', 0, 1, 2],
      ['x', 400, 400, 1],
    ])
    expect(run({ condition: exactly }, hits)).toEqual([['x', 800, 802, 3]])
  })

  it('averages and takes percentiles', () => {
    const hits = [1, 2, 3, 4, 100].map((bytes, time) => hit('a', time, { bytes }))
    const over = (value: number, percentile?: number) => ({
      comparisons: [{ operator: 'gte' as const, value }],
      fields: ['bytes'],
      ...(percentile !== undefined && { percentile }),
    })
    expect(run({ type: 'value_avg', condition: over(22) }, hits)).toEqual([['x', 0, 4, 22]])
    expect(run({ type: 'value_median', condition: over(3) }, hits)).toEqual([['x', 0, 4, 3]])
    expect(run({ type: 'value_percentile', condition: over(4, 75) }, hits)).toEqual([['x', 0, 4, 4]])
    expect(run({ type: 'value_percentile', condition: over(101, 100) }, hits)).toEqual([])
  })

  it('waits for what must not come', () => {
    const condition: CorrelationRule['condition'] = {
      comparisons: [],
      fields: [],
      expression: { all: [{ rule: 'a' }, { not: { rule: 'b' } }] },
    }
    const hits = [hit('a', 0), hit('b', 10), hit('a', 400), hit('b', 701), hit('a', 702)]
    expect(run({ type: 'temporal', rules: ['a', 'b'], condition }, hits)).toEqual([['x', 400, 400, 1]])
  })
})

describe('rules that fire together', () => {
  const all = { type: 'temporal', rules: ['a', 'b', 'third'], condition: gte(3) } as const
  const ordered = { ...all, type: 'temporal_ordered' } as const

  it('takes them in any order, or in the order listed', () => {
    const hits = [hit('c', 0), hit('a', 10), hit('a', 20), hit('b', 30), hit('c', 40)]
    expect(run(all, hits)).toEqual([['x', 0, 30, 3]])
    expect(run(ordered, hits)).toEqual([['x', 20, 40, 3]])
    expect(run(ordered, [hit('a', 0), hit('b', 200), hit('c', 301)])).toEqual([])
    expect(run({ ...all, condition: gte(2) }, hits)[0]).toEqual(['x', 0, 10, 2])
  })

  it('finds a chain that began before one that stays unfinished', () => {
    expect(run(ordered, [hit('a', 0), hit('b', 1), hit('a', 2), hit('c', 3)])).toEqual([['x', 0, 3, 3]])
  })

  it('in order, fewer than all are enough where the condition says so', () => {
    expect(run({ ...ordered, condition: gte(2) }, [hit('b', 0), hit('a', 1), hit('b', 2), hit('c', 3)])).toEqual([['x', 1, 2, 2]])
    expect(run({ ...ordered, condition: { comparisons: [], fields: [] } }, [hit('a', 0), hit('b', 1), hit('c', 2)])).toEqual([
      ['x', 0, 2, 3],
    ])
  })

  it('may list a rule twice', () => {
    expect(run({ ...ordered, rules: ['a', 'a', 'b'] }, [hit('a', 0), hit('b', 1)])).toEqual([])
    expect(run({ ...ordered, rules: ['a', 'a', 'b'] }, [hit('a', 0), hit('a', 1), hit('b', 2)])).toEqual([['x', 0, 2, 3]])
  })

  it('groups by aliases, which name a field of each rule', () => {
    const aliased = { ...all, rules: ['a', 'b'], groupBy: ['ip'], aliases: { ip: { a: 'source.ip', b: 'client.ip' } }, condition: gte(2) }
    const hits = [
      hit('a', 0, { 'source.ip': '10.0.0.1' }),
      hit('b', 1, { 'client.ip': '10.0.0.2' }),
      hit('b', 2, { 'client.ip': '10.0.0.1' }),
    ]
    expect(run(aliased, hits)).toEqual([['x', 0, 2, 2]])
  })

  it('takes rule conditions', () => {
    const condition: CorrelationRule['condition'] = {
      comparisons: [],
      fields: [],
      expression: { all: [{ rule: 'a' }, { any: [{ rule: 'b' }, { rule: 'third' }] }] },
    }
    expect(run({ ...all, condition }, [hit('b', 0), hit('c', 1), hit('a', 2)])).toEqual([['x', 0, 2, 3]])
  })
})

describe('chains', () => {
  const guessing = correlation('guessing', { name: 'guess', groupBy: ['ip'], condition: gte(2) })
  const success = correlation('success', { type: 'temporal_ordered', rules: ['guess', 'b'], groupBy: ['ip'], condition: gte(2) })

  it('feeds hits of a correlation to those that refer to it, with the fields of its group', () => {
    const hits = [hit('a', 0, { ip: '1' }), hit('a', 1, { ip: '1' }), hit('b', 2, { ip: '2' }), hit('b', 3, { ip: '1' })]
    const correlator = createCorrelator([success, guessing], detections)
    for (const each of hits) correlator.add(each)
    const found = correlator.advance(60_000)
    expect(found.map(brief)).toEqual([
      ['guessing', 0, 1, 2],
      ['success', 1, 3, 2],
    ])
    expect(found[1]?.references).toEqual(['a@0', 'a@1', 'b@3'])
  })

  it('tells which fields it reads of each rule', () => {
    const aliased = correlation('x', { rules: ['a', 'third'], groupBy: ['ip'], aliases: { ip: { a: 'source.ip', third: 'client.ip' } } })
    const fields = correlatedFields([aliased, guessing, success], detections)
    expect([...fields].map(([rule, names]) => [rule, [...names]])).toEqual([
      ['a', ['source.ip', 'ip']],
      ['c', ['client.ip']],
      ['guessing', ['ip']],
      ['b', ['ip']],
    ])
  })

  it('may come together again', () => {
    const [left, right] = ['left', 'right'].map((id) => correlation(id, { condition: gte(1) }))
    const top = correlation('top', { type: 'temporal', rules: ['left', 'right'], condition: gte(2) })
    const over = correlation('over', { rules: ['top'], condition: gte(1) })
    const correlator = createCorrelator([over, top, right!, left!], detections)
    expect(
      results(correlator, [hit('a', 1)])
        .map((found) => (found as string[])[0])
        .toSorted(),
    ).toEqual(['left', 'over', 'right', 'top'])
  })

  it('refuses a rule that refers to itself or to nothing', () => {
    const one = correlation('one', { rules: ['two'] })
    const two = correlation('two', { rules: ['one'] })
    expect(() => createCorrelator([one, two], [])).toThrow('refers to itself')
    expect(() => createCorrelator([one], [])).toThrow('not loaded')
  })
})

describe('time', () => {
  it('waits for hits that come late, and counts those that come too late', () => {
    const correlator = createCorrelator([correlation('x', { condition: gte(2) })], detections, { latenessMs: 5_000, aheadMs: 5_000 })
    correlator.add(hit('a', 10))
    expect(correlator.advance(14_000)).toEqual([])
    expect(correlator.add(hit('a', 9))).toBe('kept')
    expect(correlator.advance(15_000).map(brief)).toEqual([['x', 9, 10, 2]])
    expect(correlator.add(hit('a', 9.999))).toBe('late')
    expect(correlator.add(hit('a', 20.001))).toBe('early')
    expect(correlator.add(hit('b', 12))).toBe('unused')
    expect(correlator.advance(0)).toEqual([])
    expect(correlator.statistics).toMatchObject({ late: 1, early: 1, pending: 0 })
  })

  it('says which event time is decided next, so that nobody needs to advance before', () => {
    const few = correlation('few', { timespanMs: 60_000, condition: { comparisons: [{ operator: 'lte', value: 2 }], fields: [] } })
    const correlator = createCorrelator([few], detections)
    expect(correlator.due).toBeUndefined()
    correlator.add(hit('a', 5))
    expect(correlator.due).toBe(5_000)
    correlator.advance(15_000)
    expect(correlator.due).toBe(65_000)
    expect(correlator.advance(75_000)).toHaveLength(1)
    expect(correlator.due).toBeUndefined()
  })

  it('does not wait when too many are waiting', () => {
    const correlator = createCorrelator([correlation('x', { condition: gte(3) })], detections, { mostPending: 2 })
    for (const time of [2, 1, 3, 4]) correlator.add(hit('a', time))
    expect(correlator.statistics).toMatchObject({ hurried: 2, pending: 2 })
    expect(correlator.add(hit('a', 1.5))).toBe('late')
    expect(correlator.advance(60_000).map(brief)).toEqual([['x', 1, 3, 3]])
  })

  it('has decided no less when told an earlier time', () => {
    const correlator = createCorrelator([correlation('x', { condition: gte(2) })], detections, { mostPending: 1, latenessMs: 10_000 })
    for (const time of [100, 101, 102]) correlator.add(hit('a', time))
    expect(correlator.advance(50_000).map(brief)).toEqual([['x', 100, 101, 2]])
    expect(correlator.add(hit('a', 99))).toBe('late')
  })

  it('keeps hits of one time in the order in which they came, through a snapshot too', () => {
    const rule = correlation('x', { type: 'temporal_ordered', rules: ['a', 'b'], condition: gte(2) })
    for (const [order, found] of [
      [['a', 'b'], 1],
      [['b', 'a'], 0],
    ] as const) {
      const correlator = createCorrelator([rule], detections)
      correlator.add(hit('c', 3))
      for (const id of order) correlator.add(hit(id, 1))
      const restored = createCorrelator([rule], detections, {}, JSON.parse(JSON.stringify(correlator.snapshot())))
      for (const each of [correlator, restored]) expect(each.advance(60_000)).toHaveLength(found)
    }
  })

  it('forgets groups that are over', () => {
    const correlator = createCorrelator([correlation('x', { groupBy: ['ip'] })], detections)
    for (let ip = 0; ip < 100; ip++) correlator.add(hit('a', ip, { ip }))
    correlator.advance(350_000 + 10_000)
    expect(correlator.statistics.rules['x']).toMatchObject({ groups: 49, size: 98 })
  })
})

it('holds no more than it may, evicts the oldest groups and says so', () => {
  const rule = correlation('x', { groupBy: ['ip'], condition: gte(1_000) })
  const correlator = createCorrelator([rule], detections, { mostPerRule: 50, latenessMs: 0 })
  for (let n = 0; n < 1_000; n++) {
    correlator.advance(n * 100)
    correlator.add(hit('a', n / 10, { ip: n % 40 }))
    expect(correlator.statistics.rules['x']?.size).toBeLessThanOrEqual(50)
  }
  expect(correlator.statistics.rules['x']?.evicted).toBeGreaterThan(900)
})
