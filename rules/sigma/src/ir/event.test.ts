import { describe, expect, it } from 'vitest'
import { flatten, maxDepth, readEvent, RejectedEvent } from './event.ts'

const reasonOf = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    return error instanceof RejectedEvent ? error.reason : error
  }
}
const nested = (levels: number, kind: 'object' | 'array') =>
  Array.from({ length: levels }).reduce<unknown>((inner) => (kind === 'object' ? { a: inner } : [inner]), 1)

describe('events', () => {
  it('are flat, whichever way they were nested', () => {
    expect({ ...flatten({ 'a.b': 1, a: { b: [2, 3], c: { d: null } }, e: [{ f: true }, { f: 'x' }], g: [] }) }).toEqual({
      'a.b': [1, 2, 3],
      'a.c.d': null,
      'e.f': [true, 'x'],
    })
  })

  it('keep a list of one apart from its member, in objects of lists too', () => {
    expect({ ...flatten({ a: ['x'], b: [['y']], c: [{ d: { e: 1 } }], f: [null] }) }).toEqual({
      a: ['x'],
      b: ['y'],
      'c.d.e': [1],
      f: [null],
    })
  })

  it('leave out what is no value of JSON', () => {
    expect({ ...flatten({ a: undefined, b: () => 1, c: Symbol('x'), d: 1n, e: [undefined, 'x'] }) }).toEqual({ e: ['x'] })
  })

  it.each([['text'], [7], [null], [undefined], [[{ a: 1 }]]])('%j is none', (record) =>
    expect(reasonOf(() => flatten(record))).toBe('not-an-object'),
  )

  it.each(['object', 'array'] as const)('may nest the %s so deep and no deeper', (kind) => {
    expect(Object.keys(flatten({ top: nested(maxDepth - 1, kind) }))).toHaveLength(1)
    expect(reasonOf(() => flatten({ top: nested(maxDepth, kind) }))).toBe('nested-too-deep')
    expect(reasonOf(() => readEvent(`{"top":${'['.repeat(100_000)}`))).toBe('malformed')
  })

  it('keep the digits of long integers, and only of those', () => {
    const event = readEvent(
      '{"a":9007199254740993,"b":-9007199254740993,"c":9007199254740992,"d":"9007199254740993","e":1.00000000000000000001,"f":1e16}',
    )
    expect({ ...event }).toEqual({
      a: '9007199254740993',
      b: '-9007199254740993',
      c: 9007199254740992,
      d: '9007199254740993',
      e: 1,
      f: 1e16,
    })
    expect({ ...readEvent(String.raw`{"a\"12345678901234567":1,"b":[12345678901234567]}`) }).toEqual({
      'a"12345678901234567': 1,
      b: ['12345678901234567'],
    })
  })
})
