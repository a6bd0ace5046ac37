import type { FieldValue } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldId, forgetSendersNames, idOf, nameOf, prefixed } from './field-names.ts'
import { Fields } from './fields.ts'

it('does what a map does, in its order, by name and by number, again and again', () => {
  const name = fc.constantFrom('a', 'b', 'source.ip', '__proto__', 'constructor', '0', 'đường')
  const change = fc.record({ name, value: fc.option(fc.oneof(fc.integer(), fc.constant(false), fc.constant(''))), byNumber: fc.boolean() })
  const used = new Fields()
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const map = new Map<string, FieldValue>()
      used.clear()
      for (const { name: text, value, byNumber } of changes) {
        const key = byNumber ? fieldId(text) : text
        if (value === null) {
          map.delete(text)
          used.delete(key)
        } else {
          map.set(text, value)
          used.set(key, value)
        }
        expect([used.get(key), used.has(key), used.size]).toEqual([map.get(text), map.has(text), map.size])
      }
      expect([...used]).toEqual([...map])
      const visited: [string, FieldValue][] = []
      used.each((id, value) => visited.push([nameOf(id), value]))
      expect(visited).toEqual([...map])
    }),
  )
})

it('forgets the names that senders made up when they are too many, and none that the program knows', () => {
  const known = fieldId('source.ip')
  const numbered = prefixed('forgotten.', () => true)
  numbered('name')
  for (let index = 0; index < 30_000; index++) idOf(`made.up.${index}`)
  forgetSendersNames()
  const fields = new Fields([['made.up.again', 1]])
  fields.set(numbered('name')!, 2)
  fields.set('source.ip', '::1')
  expect([...fields]).toEqual([
    ['made.up.again', 1],
    ['forgotten.name', 2],
    ['source.ip', '::1'],
  ])
  expect(fieldId('source.ip')).toBe(known)
})
