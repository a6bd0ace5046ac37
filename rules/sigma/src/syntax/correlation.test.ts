import { describe, expect, it } from 'vitest'
import type { CorrelationCondition } from '../rule.ts'
import { parseOne, placesOf } from './testing/rule.ts'

/** A correlation from line 4 on. */
function text(correlation: string): string {
  const lines = correlation.trim().split('\n')
  return `title: C\nid: 00000000-0000-4000-8000-000000000001\ncorrelation:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

const counting = 'type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 5m\ncondition: {gte: 10}'

describe('types', () => {
  it('event_count', () => {
    expect(parseOne<'correlation'>(text(counting))).toMatchObject({
      kind: 'correlation',
      type: 'event_count',
      rules: ['a'],
      groupBy: ['user'],
      timespanMs: 300_000,
      generate: false,
      aliases: {},
      condition: { comparisons: [{ operator: 'gte', value: 10 }], fields: [] },
    })
  })

  const conditions: readonly [string, string, CorrelationCondition][] = [
    [
      'event_count',
      '{gt: 100, lte: 200}',
      {
        comparisons: [
          { operator: 'gt', value: 100 },
          { operator: 'lte', value: 200 },
        ],
        fields: [],
      },
    ],
    ['event_count', '{eq: 3}', { comparisons: [{ operator: 'eq', value: 3 }], fields: [] }],
    ['value_count', '{field: user, neq: 3}', { comparisons: [{ operator: 'neq', value: 3 }], fields: ['user'] }],
    ['value_count', '{field: [user, host], lt: 3}', { comparisons: [{ operator: 'lt', value: 3 }], fields: ['user', 'host'] }],
    ['value_sum', '{field: bytes, gt: 1.5}', { comparisons: [{ operator: 'gt', value: 1.5 }], fields: ['bytes'] }],
    ['value_avg', '{field: bytes, gt: 1}', { comparisons: [{ operator: 'gt', value: 1 }], fields: ['bytes'] }],
    ['value_median', '{field: bytes, gt: 1}', { comparisons: [{ operator: 'gt', value: 1 }], fields: ['bytes'] }],
    [
      'value_percentile',
      '{field: bytes, gt: 1, percentile: 99.5}',
      { comparisons: [{ operator: 'gt', value: 1 }], fields: ['bytes'], percentile: 99.5 },
    ],
    ['temporal', '{gte: 1}', { comparisons: [{ operator: 'gte', value: 1 }], fields: [] }],
  ]
  it.each(conditions)('%s %s', (type, condition, expected) => {
    const correlation = text(`type: ${type}\nrules: [a, b]\ntimespan: 1h\ncondition: ${condition}`)
    expect(parseOne<'correlation'>(correlation).condition).toEqual(expected)
  })

  it('temporal without a condition wants all rules', () => {
    for (const type of ['temporal', 'temporal_ordered'])
      expect(parseOne<'correlation'>(text(`type: ${type}\nrules: [a, b]\ntimespan: 1h`)).condition).toEqual({
        comparisons: [{ operator: 'gte', value: 2 }],
        fields: [],
      })
  })

  it('temporal with a condition over the rules belongs to the coming edition', () => {
    const correlation = text('type: temporal\nrules: [a, b, c]\ntimespan: 1h\ncondition: (a or b) and not c')
    expect(placesOf(correlation)).toEqual(['edition 7:14'])
    expect(parseOne<'correlation'>(correlation, { edition: '2.2' }).condition).toEqual({
      comparisons: [],
      fields: [],
      expression: { all: [{ any: [{ rule: 'a' }, { rule: 'b' }] }, { not: { rule: 'c' } }] },
    })
  })
})

it('timespans', () => {
  const spans = ['1s', '1m', '1h', '1d', '1w', '1M', '1y'].map(
    (span) => parseOne<'correlation'>(text(counting.replace('5m', span))).timespanMs,
  )
  expect(spans).toEqual([1e3, 6e4, 36e5, 864e5, 6048e5, 2_629_746_000, 31_556_952_000])
  expect(parseOne<'correlation'>(text(counting.replace('5m', '120m'))).timespanMs).toBe(7_200_000)
})

it.each(['x5m', '5mm', '5 m', '0m', '-5m', '1.5h', '5', 'm', '1234567890s'])('%j is no timespan', (span) => {
  expect(placesOf(text(counting.replace('5m', span)))).toEqual(['correlation-timespan 7:13'])
})

it.each([0, 0.5, 100])('a percentile may be %s', (percentile) => {
  const condition = `condition: {field: bytes, gt: 1, percentile: ${percentile}}`
  const correlation = text(`type: value_percentile\nrules: [a]\ntimespan: 1h\n${condition}`)
  expect(parseOne<'correlation'>(correlation).condition.percentile).toBe(percentile)
})

it.each(['-1', '100.1', 'many', 'true'])('a percentile may not be %s', (percentile) => {
  const condition = `condition: {field: bytes, gt: 1, percentile: ${percentile}}`
  expect(placesOf(text(`type: value_percentile\nrules: [a]\ntimespan: 1h\n${condition}`))).toHaveLength(1)
})

it('aliases', () => {
  const aliases = 'aliases:\n  ip:\n    a: source.ip\n    b: destination.ip'
  expect(parseOne<'correlation'>(text(`${counting}\n${aliases}`)).aliases).toEqual({ ip: { a: 'source.ip', b: 'destination.ip' } })
})

it('generate stands inside, or beside as in Sigma 2.0', () => {
  expect(parseOne<'correlation'>(text(`${counting}\ngenerate: true`)).generate).toBe(true)
  expect(parseOne<'correlation'>(text(counting) + 'generate: true\n').generate).toBe(true)
})

describe('what is wrong', () => {
  const replaced = (from: string, to: string): string => text(counting.replace(from, to))
  it.each([
    ['no type', replaced('type: event_count\n', ''), ['correlation-type-missing 4:3']],
    ['an unknown type', replaced('event_count', 'event_cuont'), ['type-unknown 4:9']],
    ['no rules', replaced('[a]', '[]'), ['correlation-rules-missing 5:10']],
    ['a rule twice', replaced('[a]', '[a, a]'), ['correlation-rules-repeated 5:10']],
    ['no timespan', replaced('timespan: 5m\n', ''), ['correlation-timespan 4:3']],
    ['a timespan without unit', replaced('5m', '5'), ['correlation-timespan 7:13']],
    ['a timespan of nothing', replaced('5m', '0m'), ['correlation-timespan 7:13']],
    ['no condition', replaced('\ncondition: {gte: 10}', ''), ['correlation-condition-missing 4:3']],
    ['a condition that is a list', replaced('{gte: 10}', '[1]'), ['correlation-condition-type 8:14']],
    ['a condition over rules of the wrong type', replaced('{gte: 10}', 'a and b'), ['correlation-condition-type 8:14']],
    ['an unknown operator', replaced('gte', 'gteq'), ['correlation-operator 8:15', 'correlation-operator-missing 8:14']],
    ['a condition without operator', replaced('{gte: 10}', '{}'), ['correlation-operator-missing 8:14']],
    ['a number in quotes', replaced('10', "'10'"), ['correlation-number 8:20', 'correlation-operator-missing 8:14']],
    ['a field that nothing counts', replaced('{gte: 10}', '{gte: 10, field: x}'), ['correlation-field 8:24']],
    ['no field to count', replaced('event_count', 'value_count'), ['correlation-field-missing 8:14']],
    [
      'two fields to sum',
      text(counting.replace('event_count', 'value_sum').replace('10}', '10, field: [a, b]}')),
      ['correlation-field 8:24'],
    ],
    ['a percentile elsewhere', replaced('{gte: 10}', '{gte: 10, percentile: 5}'), ['correlation-percentile 8:36']],
    [
      'a percentile beyond 100',
      text(counting.replace('event_count', 'value_percentile').replace('10}', '10, field: a, percentile: 101}')),
      ['correlation-percentile 8:46'],
    ],
    [
      'no percentile',
      text(counting.replace('event_count', 'value_percentile').replace('10}', '10, field: a}')),
      ['correlation-percentile 8:14'],
    ],
    ['an unknown key', text(`${counting}\ngroupby: x`), ['correlation-key 9:3']],
    ['generate that is no truth value', text(`${counting}\ngenerate: maybe`), ['correlation-generate 9:13']],
    ['aliases that are a text', text(`${counting}\naliases: x`), ['correlation-aliases 9:12']],
    ['an alias without fields', text(`${counting}\naliases: {ip: {}}`), ['correlation-aliases 9:17']],
    ['an alias that is a text', text(`${counting}\naliases: {ip: x}`), ['correlation-aliases 9:17']],
    ['a correlation that is a text', 'title: C\nid: 00000000-0000-4000-8000-000000000001\ncorrelation: x', ['correlation-type 3:14']],
    [
      'an unknown rule in a condition over rules',
      text('type: temporal\nrules: [rule_a]\ntimespan: 1h\ncondition: rule_b'),
      ['edition 7:14', 'condition-unknown-selection 7:14'],
    ],
  ])('%s', (_, correlation, places) => {
    expect(placesOf(correlation)).toEqual(places)
  })
})
