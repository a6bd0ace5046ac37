import { expect, it } from 'vitest'
import { explain } from './explain.ts'
import type { Expression, Predicate } from './expression.ts'

const equals = (field: string, value: string): Predicate => ({ field, test: { kind: 'equals', value } })

it('names the predicates that made a rule true, and the exceptions that did not apply', () => {
  const rule: Expression = {
    all: [{ any: [equals('image', 'cmd.exe'), equals('image', 'x')] }, { not: { any: [equals('user', 'root'), equals('parent', 'y')] } }],
  }
  expect(explain(rule, { image: ['CMD.exe', 'z'], user: 'an' })).toEqual([
    { ...equals('image', 'cmd.exe'), negated: false, values: ['CMD.exe'] },
    { ...equals('user', 'root'), negated: true, values: ['an'] },
    { ...equals('parent', 'y'), negated: true, values: [] },
  ])
})

it('names each predicate once, and nothing where the rule is false', () => {
  const twice: Expression = { all: [equals('a', '1'), equals('a', '1')] }
  expect(explain(twice, { a: 1 })).toHaveLength(1)
  expect(explain(twice, { a: 2 })).toEqual([])
})

it('does not repeat the whole event for an absent keyword', () => {
  expect(explain({ not: equals('*', 'x') }, { a: 'long text' })).toEqual([{ ...equals('*', 'x'), negated: true, values: [] }])
})
