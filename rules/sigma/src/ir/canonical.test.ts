import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { events, expressions } from '../convert/testing/arbitrary.ts'
import { canonicalTest, ExpressionStore } from './canonical.ts'
import { evaluate } from './evaluate.ts'
import { always, type Expression, never, type Test } from './expression.ts'

const contains = (value: string): Expression => ({ field: 'f', test: { kind: 'contains', value } })
const [a, b, c] = [contains('a'), contains('b'), contains('c')]
const canonical = (expression: Expression) => new ExpressionStore().intern(expression)
const glob = (pattern: string, cased?: true): Expression => ({ field: 'f', test: { kind: 'glob', pattern, ...(cased && { cased }) } })

describe('canonical form', () => {
  it('is true of the same events', () => {
    fc.assert(
      fc.property(expressions, fc.array(events, { minLength: 1, maxLength: 8 }), (expression, list) => {
        const simplified = canonical(expression)
        for (const event of list) expect(evaluate(simplified, event)).toBe(evaluate(expression, event))
      }),
      { numRuns: 3000 },
    )
  })

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const store = new ExpressionStore()
        const simplified = store.intern(expression)
        expect(store.intern(simplified)).toBe(simplified)
        expect(canonical(simplified)).toEqual(canonical(canonical(simplified)))
      }),
      { numRuns: 1000 },
    )
  })

  it.each<[string, Expression, Expression]>([
    ['joins what is nested', { all: [a, { all: [b, c] }] }, { all: [a, b, c] }],
    ['moves negations to the predicates', { not: { any: [a, { not: b }] } }, { all: [{ not: a }, b] }],
    ['drops what is repeated', { any: [a, a] }, a],
    ['knows contradictions', { all: [a, b, { not: a }] }, never],
    ['knows tautologies', { any: [a, { not: a }] }, always],
    ['absorbs in conjunctions', { all: [a, { any: [a, b] }] }, a],
    ['absorbs in disjunctions', { any: [{ all: [a, b] }, a] }, a],
    ['leaves out constants', { all: [a, always, { not: never }] }, a],
    ['lets constants win', { any: [a, always] }, always],
    ['folds literals', contains('AbC'), contains('abc')],
  ])('%s', (_, expression, expected) => expect(canonical(expression)).toEqual(expected))

  it.each<[Expression, Test]>([
    [glob('A\\*b'), { kind: 'equals', value: 'a*b' }],
    [glob(''), { kind: 'equals', value: '' }],
    [glob('a*'), { kind: 'prefix', value: 'a' }],
    [glob('*a'), { kind: 'suffix', value: 'a' }],
    [glob('**A**'), { kind: 'contains', value: 'a' }],
    [glob('*', true), { kind: 'contains', value: '', cased: true }],
    [glob('A*b?'), { kind: 'glob', pattern: 'a*b?' }],
    [
      { field: 'f', test: { kind: 'equals', value: 1 } },
      { kind: 'equals', value: '1' },
    ],
  ])('writes %j as %j', (expression, test) => expect(canonical(expression)).toEqual({ field: 'f', test }))

  it('makes equal expressions one object', () => {
    const store = new ExpressionStore()
    expect(store.intern({ all: [a, b] })).toBe(store.intern({ all: [glob('*B*'), contains('A')] }))
    expect(store.intern({ not: { all: [a, b] } })).toBe(store.intern({ any: [{ not: b }, { not: a }] }))
  })
})

it.each<[string, Test]>([
  ['', { kind: 'equals', value: '' }],
  ['A\\*b', { kind: 'equals', value: 'a*b' }],
  ['A*', { kind: 'prefix', value: 'a' }],
  ['A**', { kind: 'prefix', value: 'a' }],
  ['*A', { kind: 'suffix', value: 'a' }],
  ['*A*', { kind: 'contains', value: 'a' }],
  ['*', { kind: 'contains', value: '' }],
  ['A*b', { kind: 'glob', pattern: 'a*b' }],
  ['A?', { kind: 'glob', pattern: 'a?' }],
  ['?A', { kind: 'glob', pattern: '?a' }],
  ['?A?', { kind: 'glob', pattern: '?a?' }],
  ['*A?', { kind: 'glob', pattern: '*a?' }],
  ['?A*', { kind: 'glob', pattern: '?a*' }],
  ['*?', { kind: 'glob', pattern: '*?' }],
  ['*A*b', { kind: 'glob', pattern: '*a*b' }],
  ['*A*b*', { kind: 'glob', pattern: '*a*b*' }],
  ['A*b*', { kind: 'glob', pattern: 'a*b*' }],
  ['A\\\\*b\\?', { kind: 'glob', pattern: 'a\\\\*b\\?' }],
])('the wildcards of %j become the simplest test that says the same', (pattern, test) => {
  expect(canonicalTest({ kind: 'glob', pattern })).toEqual(test)
})

it('flags of regular expressions have one order', () => {
  expect(canonicalTest({ kind: 'regex', source: 'a', flags: 'simi' })).toEqual({ kind: 'regex', source: 'a', flags: 'ims' })
})

it('texts of different tests are told apart, whatever they hold', () => {
  const store = new ExpressionStore()
  const tests: Test[] = [
    { kind: 'equals', value: 'a' },
    { kind: 'equals', value: 'a', cased: true },
    { kind: 'prefix', value: 'a' },
    { kind: 'equalsField', other: 'a', match: 'equals' },
    { kind: 'equalsField', other: 'a', match: 'equals', cased: true },
    { kind: 'exists' },
    { kind: 'null' },
  ]
  expect(new Set(tests.map((test) => store.intern({ field: 'f', test }))).size).toBe(tests.length)
  for (const test of tests) expect(store.intern({ field: 'f', test })).toBe(store.intern({ field: 'f', test: { ...test } }))
})

it('a field and a text with newlines are no other field and text', () => {
  const store = new ExpressionStore()
  const one = store.intern({ field: 'f', test: { kind: 'equals', value: 'x\nprefix\ny' } })
  const other = store.intern({ field: 'f\nequals\nx', test: { kind: 'prefix', value: 'y' } })
  expect(one).not.toBe(other)
})
