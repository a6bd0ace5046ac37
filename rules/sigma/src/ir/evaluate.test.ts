import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.ts'
import { flatten, readEvent } from './event.ts'
import type { FlatEvent, Test } from './expression.ts'

const holds = (test: Test, event: FlatEvent, field = 'f') => evaluate({ field, test }, event)
const equals = (value: string | number | boolean): Test => ({ kind: 'equals', value })

describe('combinations', () => {
  const yes = { all: [] }
  const no = { any: [] }
  it('an empty conjunction is true, an empty disjunction false', () => {
    expect([evaluate(yes, {}), evaluate(no, {}), evaluate({ not: no }, {})]).toEqual([true, false, true])
    expect([evaluate({ all: [yes, no] }, {}), evaluate({ any: [no, yes] }, {})]).toEqual([false, true])
  })
})

describe('values', () => {
  it('any member of an array satisfies a predicate', () => {
    expect(holds(equals('b'), { f: ['a', 'B'] })).toBe(true)
    expect(holds(equals('c'), { f: ['a', 'B'] })).toBe(false)
  })
  it('a missing field is false, its negation true', () => {
    expect(holds(equals('a'), {})).toBe(false)
    expect(evaluate({ not: { field: 'f', test: equals('a') } }, {})).toBe(true)
  })
  it('null, missing and empty differ', () => {
    const events = [{ f: null }, {}, { f: '' }]
    expect(events.map((event) => holds({ kind: 'null' }, event))).toEqual([true, true, false])
    expect(events.map((event) => holds({ kind: 'exists' }, event))).toEqual([true, false, true])
    expect(events.map((event) => holds(equals(''), event))).toEqual([false, false, true])
  })
  it('an empty array is like a missing field', () => {
    expect([holds({ kind: 'exists' }, { f: [] }), holds({ kind: 'null' }, { f: [] })]).toEqual([false, true])
  })
  it('numbers and booleans compare as their text', () => {
    expect([holds(equals(1), { f: '1' }), holds(equals('1'), { f: 1 }), holds(equals(true), { f: 'True' })]).toEqual([true, true, true])
    expect(holds({ kind: 'prefix', value: '46' }, { f: 4625 })).toBe(true)
  })
  it('names that exist on every object are fields like any other', () => {
    for (const field of ['__proto__', 'constructor', 'toString']) {
      expect(holds({ kind: 'exists' }, {}, field)).toBe(false)
      expect(holds(equals('x'), readEvent(`{"${field}":"x"}`), field)).toBe(true)
    }
  })
  it('keywords look at every string of the event and at nothing else', () => {
    const event = { a: 1, b: ['x', 'Needle in hay'], c: null }
    expect(holds({ kind: 'contains', value: 'needle' }, event, '*')).toBe(true)
    expect(holds({ kind: 'contains', value: '1' }, event, '*')).toBe(false)
  })
})

describe('text', () => {
  it('folds both sides alike', () => {
    expect(holds({ kind: 'contains', value: 'İSTANBUL' }, { f: 'x i̇stanbul' })).toBe(true)
    expect(holds({ kind: 'contains', value: 'ΟΔΥΣ' }, { f: 'ΟΔΥΣΣΕΥΣ' })).toBe(true)
    expect(holds({ kind: 'suffix', value: 'ΕΥΣ' }, { f: 'Ὀδυσσεύσ εύς ευς' })).toBe(true)
    expect(holds({ kind: 'equals', value: 'ĐÀ NẴNG' }, { f: 'đà nẵng' })).toBe(true)
  })
  it('compares cased where asked', () => {
    expect(holds({ kind: 'equals', value: 'Ab', cased: true }, { f: 'ab' })).toBe(false)
    expect(holds({ kind: 'contains', value: 'Ab', cased: true }, { f: 'xAbx' })).toBe(true)
  })
})

describe('glob', () => {
  const glob = (pattern: string, value: string) => holds({ kind: 'glob', pattern }, { f: value })
  it.each([
    ['a*b', 'A\n\r b', true],
    ['a*b', 'a b c', false],
    ['a?c', 'a😀c', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['c:\\\\*', 'C:\\x', true],
    ['c:\\x*', 'C:\\xy', true],
    ['*ab*ab*', 'abxaab', true],
    ['', '', true],
    ['', 'a', false],
  ])('%s on %s is %s', (pattern, value, expected) => expect(glob(pattern, value)).toBe(expected))
  it('takes no exponential time', () => {
    expect(glob(`${'*a'.repeat(50)}*b`, 'a'.repeat(20_000))).toBe(false)
  })
})

describe('regular expressions', () => {
  const regex = (source: string, value: string, flags = '') => holds({ kind: 'regex', source, flags }, { f: value })
  it('search, and mind case unless told otherwise', () => {
    expect([regex('b+', 'abbc'), regex('B', 'abc'), regex('B', 'abc', 'i'), regex('(?i)B', 'abc')]).toEqual([true, false, true, true])
    expect([regex('a.c', 'a\nc'), regex('a.c', 'a\nc', 's'), regex('^c', 'a\nc'), regex('^c', 'a\nc', 'm')]).toEqual([
      false,
      true,
      false,
      true,
    ])
  })
  it('cannot explode', () => expect(regex('^(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false))
  it('a pattern that needs backtracking is refused with a reason', () => {
    expect(() => regex('(a)\\1', 'aa')).toThrow(/linear time/)
    expect(() => regex('a', 'a', 'g')).toThrow(/not a flag/)
  })
})

describe('networks', () => {
  const network = (cidr: string, value: string) => holds({ kind: 'network', cidr }, { f: value })
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', '::1', false],
    ['fe80::/10', 'FE80::1', true],
    ['::1/128', '0:0:0:0:0:0:0:1', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.0/8', '10.1', false],
    ['10.0.0.0/8', 'host', false],
    ['10.0.0.0/33', '10.0.0.0', false],
    ['fe80::/x', 'fe80::1', false],
  ])('%s holds %s: %s', (cidr, value, expected) => expect(network(cidr, value)).toBe(expected))
})

describe('numbers and times', () => {
  it('compares numbers and texts that spell one', () => {
    const compare = (operator: 'lt' | 'lte' | 'gt' | 'gte', f: string | number | boolean) =>
      holds({ kind: 'compare', operator, value: 5 }, { f })
    expect([compare('lt', 4), compare('lte', '5'), compare('gt', '5.5'), compare('gte', '1e1')]).toEqual([true, true, true, true])
    expect([compare('lt', 5), compare('gt', 'six'), compare('lt', ''), compare('lt', true)]).toEqual([false, false, false, false])
  })
  it('reads parts of a time in UTC', () => {
    const part = (name: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year', value: number, f: string | number) =>
      holds({ kind: 'timePart', part: name, value }, { f })
    expect([
      part('hour', 11, '2026-07-28 11:35:15.945'),
      part('hour', 23, '2026-07-29T06:35:15+07:00'),
      part('minute', 35, '2026-07-28T11:35Z'),
    ]).toEqual([true, true, true])
    expect([part('day', 28, '2026-07-28'), part('month', 7, '2026-07-28'), part('year', 2026, '2026-07-28')]).toEqual([true, true, true])
    expect([part('week', 53, '2021-01-03'), part('week', 1, '2021-01-04'), part('year', 1970, 0), part('year', 1970, 'x')]).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(part('hour', 8, '2026-07-28T03:00:00-05:00')).toBe(true)
  })
  it('compares times, of several values any', () => {
    const at = Date.UTC(2026, 6, 28)
    const times = ['2026-07-27T23:59:59.999Z', '2026-07-28', '2026-07-28T06:00:00+07:00', at - 1, at, 'soon', null]
    expect(times.map((f) => holds({ kind: 'moment', side: 'since', at }, { f }))).toEqual([false, true, false, false, true, false, false])
    expect(times.map((f) => holds({ kind: 'moment', side: 'before', at }, { f }))).toEqual([true, false, true, true, false, false, false])
    expect(holds({ kind: 'moment', side: 'since', at }, { f: times })).toBe(true)
    expect(holds({ kind: 'moment', side: 'before', at }, {})).toBe(false)
  })
})

describe('fields compared with fields', () => {
  it('compares any pair of values', () => {
    const same: Test = { kind: 'equalsField', other: 'g', match: 'equals' }
    expect([
      holds(same, { f: ['a', 'B'], g: 'b' }),
      holds(same, { f: 'a', g: 'b' }),
      holds(same, { f: 'a' }),
      holds(same, { f: null, g: null }),
    ]).toEqual([true, false, false, false])
    expect(holds({ kind: 'equalsField', other: 'g', match: 'prefix' }, { f: 'abc', g: 'AB' })).toBe(true)
    expect(holds({ kind: 'equalsField', other: 'g', match: 'equals', cased: true }, { f: 'a', g: 'A' })).toBe(false)
  })
})

describe('events', () => {
  it('nested and dotted are the same event', () => {
    expect(flatten({ a: { b: 1 }, c: [{ d: 'x' }, { d: 'y' }], e: [[1], 2] })).toEqual({ 'a.b': 1, 'c.d': ['x', 'y'], e: [1, 2] })
    expect(flatten({ 'a.b': 1, a: { b: 2 } })).toEqual({ 'a.b': [1, 2] })
  })
  it('keeps the digits of integers beyond 2^53', () => {
    expect(readEvent('{"a":9007199254740993,"b":"9007199254740993 \\" 1","c":1234567890123456,"d":0.12345678901234568}')).toEqual({
      a: '9007199254740993',
      b: '9007199254740993 " 1',
      c: 1234567890123456,
      d: 0.12345678901234568,
    })
  })
  it('refuses what is no event', () => {
    expect(() => readEvent('{"a":1')).toThrow('malformed')
    expect(() => readEvent('{9007199254740993:1}')).toThrow('malformed')
    expect(() => readEvent('[1]')).toThrow('not-an-object')
    expect(() => readEvent(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`)).toThrow('nested-too-deep')
  })
})

it.each([
  ['lt', [true, false, false]],
  ['lte', [true, true, false]],
  ['gt', [false, false, true]],
  ['gte', [false, true, true]],
] as const)('%s decides at its limit, and of numbers alone', (operator, found) => {
  const test: Test = { kind: 'compare', operator, value: 5 }
  expect([4.9, '5', 5.1].map((f) => holds(test, { f }))).toEqual(found)
  for (const f of ['x', '', null, true]) expect(holds(test, { f })).toBe(false)
  expect(holds(test, {})).toBe(false)
})
