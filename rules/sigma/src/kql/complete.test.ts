import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeKql } from './complete.ts'
import type { FieldInfo } from './fields.ts'

const fields: readonly FieldInfo[] = [
  { name: 'user.name' },
  { name: 'source.ip' },
  { name: 'destination.bytes', type: 'number' },
  { name: 'flag', type: 'boolean' },
  { name: 'odd name' },
]

/** The cursor is at `|`. */
function at(marked: string, values?: readonly (string | number)[]) {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  const { suggestions, from, to, ...rest } = completeKql(text, cursor, { fields, ...(values && { values }) })
  return { ...rest, replaced: text.slice(from, to), texts: suggestions.map((suggestion) => suggestion.text) }
}

describe('expects', () => {
  it.each([
    ['|', ['field'], undefined],
    ['us|', ['field'], undefined],
    ['user.name |', ['operator', 'conjunction'], 'user.name'],
    ['user.name: |', ['value'], 'user.name'],
    ['user.name: ro|', ['value'], 'user.name'],
    ['user.name: "an b|', ['value'], 'user.name'],
    ['user.name: root |', ['conjunction'], undefined],
    ['user.name: root a|', ['conjunction'], undefined],
    ['user.name: root and |', ['field'], undefined],
    ['user.name: root and not |', ['field'], undefined],
    ['not (|', ['field'], undefined],
    ['user.name: (|', ['value'], 'user.name'],
    ['user.name: (root or |', ['value'], 'user.name'],
    ['user.name: (root or not (|', ['value'], 'user.name'],
    ['user.name: (root |', ['conjunction'], undefined],
    ['user.name: (root) |', ['conjunction'], undefined],
    ['user.name: (root) or |', ['field'], undefined],
    ['destination.bytes >= |', ['value'], 'destination.bytes'],
    ['destination.bytes >= 5 |', ['conjunction'], undefined],
    ['"odd name" |', ['operator', 'conjunction'], 'odd name'],
  ])('at %s', (text, expects, field) => {
    const found = at(text)
    expect({ expects: found.expects, field: found.field }).toEqual({ expects, field })
  })
})

describe('suggests', () => {
  it('fields that begin with what is typed, then those that have it', () => {
    expect(at('s|')).toMatchObject({ typed: 's', replaced: 's', texts: ['source.ip', 'user.name', 'destination.bytes'] })
    expect(at('|').texts).toContain('"odd name"')
    expect(at('nothing|').texts).toEqual([])
  })

  it('operators that the type has', () => {
    expect(at('user.name |').texts).toEqual([':', 'and', 'or'])
    expect(at('destination.bytes |').texts).toEqual([':', '>=', '<=', '>', '<', 'and', 'or'])
    expect(at('flag|').texts).toEqual(['flag', 'flag:'])
  })

  it('values, quoted as the parser reads them', () => {
    expect(at('user.name: |', ['root', 'an "b"', 5]).texts).toEqual(['"root"', '"an \\"b\\""', '5'])
    expect(at('user.name: RO|', ['root', 'an']).texts).toEqual(['"root"'])
    expect(at('user.name: "an|', ['root', 'an'])).toMatchObject({ texts: ['"an"'], replaced: '"an' })
    expect(at('flag: |').texts).toEqual(['true', 'false'])
  })

  it('conjunctions', () => {
    expect(at('user.name: root |').texts).toEqual(['and', 'or'])
    expect(at('user.name: root o|').texts).toEqual(['or'])
  })
})

it('replaces the whole word that the cursor is in', () => {
  expect(at('us|er.na and flag: true')).toMatchObject({ typed: 'us', replaced: 'user.na' })
  expect(at('user.name: "a|n" and flag: true')).toMatchObject({ typed: 'a', replaced: '"an"' })
  expect(at('user.name: "a|n')).toMatchObject({ replaced: '"an' })
})

it('never throws', () => {
  const pieces = fc.constantFrom(...'()":{}<>=\\* \n', 'and ', 'or ', 'not ', 'user.name', 'u0041', '😀')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: -2, max: 40 }), (list, cursor) => {
      const text = list.join('')
      const { from, to } = completeKql(text, cursor, { fields })
      expect(from).toBeLessThanOrEqual(to)
      expect(to).toBeLessThanOrEqual(text.length)
    }),
  )
})
