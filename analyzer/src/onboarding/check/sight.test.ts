import type { Expression } from '@vonggac/sigma'
import { expect, test } from 'vitest'
import { canFire, fieldsRead } from './sight.ts'

const has = (field: string): Expression => ({ field, test: { kind: 'equals', value: 'x' } })
const fires = (expression: Expression, ...fields: string[]) => canFire(expression, new Set(fields))

test('a rule sees when all that it must have is there, and one of what it may have', () => {
  const rule: Expression = { all: [has('a'), { any: [has('b'), has('c')] }, { not: has('d') }] }
  expect(fires(rule, 'a', 'c')).toBe(true)
  expect(fires(rule, 'a')).toBe(false)
  expect(fires(rule, 'b', 'c')).toBe(false)
  expect(fieldsRead(rule)).toEqual(['a', 'b', 'c'])
})

test('what looks for the absence of a field, or into every text, needs none', () => {
  expect(fires({ field: 'a', test: { kind: 'null' } })).toBe(true)
  expect(fires({ field: '*', test: { kind: 'contains', value: 'x' } })).toBe(true)
  expect(fires({ field: 'a', test: { kind: 'exists' } })).toBe(false)
})
