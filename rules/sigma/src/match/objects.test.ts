import { describe, expect, it } from 'vitest'
import type { Expression, FlatEvent, Test } from '../ir/expression.ts'
import { createMatcher } from './matcher.ts'
import { testRule } from './testing/rule.ts'

const is = (field: string, test: Test): Expression => ({ field, test })
const contains = (field: string, value: string) => is(field, { kind: 'contains', value })

function matched(rules: Readonly<Record<string, Expression>>, event: object): string[] {
  const matcher = createMatcher(Object.entries(rules).map(([id, expression]) => testRule(id, expression)))
  const ids = matcher.match(event as FlatEvent).map(({ id }) => id)
  const lines: string[] = []
  matcher.matchLines(new TextEncoder().encode(JSON.stringify(event)), (_line, _start, _end, rule) => lines.push(matcher.rules[rule]!.id))
  expect(lines).toEqual(ids)
  return ids
}

describe('parsed events', () => {
  it('may be nested', () => {
    const rules = { name: contains('user.name', 'An'), list: contains('tags.key', 'b'), none: contains('user', 'an') }
    expect(matched(rules, { user: { name: 'an' }, tags: [{ key: 'a' }, { key: 'b' }] })).toEqual(['name', 'list'])
  })

  it('are flat with arrays of scalars, also empty ones', () => {
    const rules = { exists: is('a', { kind: 'exists' }), null: is('a', { kind: 'null' }), text: contains('a', 'x') }
    expect(matched(rules, { a: [] })).toEqual(['null'])
    expect(matched(rules, { a: [null, 'x', 1] })).toEqual(['exists', 'null', 'text'])
    expect(matched(rules, { a: [1, true] })).toEqual(['exists'])
  })

  it('ignore what is undefined', () => expect(matched({ exists: is('a', { kind: 'exists' }) }, { a: undefined })).toEqual([]))

  it('refuse nesting without end', () => {
    let event: object = { a: 'x' }
    for (let depth = 0; depth < 100; depth++) event = { event }
    expect(() => createMatcher([]).match(event as FlatEvent)).toThrow('nested-too-deep')
  })

  it('hold keywords in any of hundreds of strings, of any length and script', () => {
    const event = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`field ${i}`, `${'Đà Nẵng '.repeat(i)}value ${i}`]))
    const rules = {
      last: contains('*', 'NẴNG VALUE 299'),
      none: contains('*', 'value 300'),
      whole: is('*', { kind: 'equals', value: 'VALUE 0' }),
    }
    expect(matched(rules, event)).toEqual(['last', 'whole'])
  })

  it('hold keywords asked for only after another field was found', () => {
    const both: Expression = { all: [is('rare', { kind: 'equals', value: 'x' }), { not: contains('*', 'allowed') }] }
    expect(matched({ both }, { rare: 'x', b: 'Allowed' })).toEqual([])
    expect(matched({ both }, { rare: 'x', b: ['denied', 'blocked'] })).toEqual(['both'])
  })

  it('may name fields in any script', () => {
    expect(matched({ r: contains('người.tên', 'an') }, { người: { tên: 'Lan' } })).toEqual(['r'])
  })
})
