import { parseKql } from '@vonggac/sigma/kql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionOf } from '../../lib/kql-text.ts'
import { narrowed } from './conditions.ts'

describe('a query narrowed by a value', () => {
  it.each([
    ['', 'user.name: "root"', 'user.name: "root"'],
    ['event.action: login', 'user.name: "root"', 'event.action: login and user.name: "root"'],
    ['a: 1 or b: 2', 'c: 3', '(a: 1 or b: 2) and c: 3'],
    ['(a: 1 or b: 2) and c: 3', 'd: 4', '(a: 1 or b: 2) and c: 3 and d: 4'],
    ['not a: 1', 'b: 2', 'not a: 1 and b: 2'],
  ])('%j with %j', (query, condition, expected) => {
    expect(narrowed(query, condition)).toBe(expected)
  })

  it('does not say a condition twice', () => {
    expect(narrowed('a: "x" and b: 2', 'a: "x"')).toBe('a: "x" and b: 2')
  })

  it('turns a condition round', () => {
    expect(narrowed('a: "x" and b: 2', 'not a: "x"')).toBe('b: 2 and not a: "x"')
    expect(narrowed('not a: "x"', 'a: "x"')).toBe('a: "x"')
  })

  it('loses nothing of what cannot be read', () => {
    expect(narrowed('a: (', 'b: 2')).toBe('(a: () and b: 2')
  })

  it('can be read whatever the value is', () => {
    const scalar = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null))
    const field = fc.stringMatching(/^[a-z@_][a-z0-9_.-]{0,20}$/)
    fc.assert(
      fc.property(field, scalar, fc.boolean(), (name, value, wanted) => {
        expect(parseKql(narrowed('x: 1 or y: 2', conditionOf(name, value, wanted))).problems).toBeUndefined()
      }),
    )
  })
})
