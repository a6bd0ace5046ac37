import type { Scalar } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { serialize } from './serialize.ts'

it('writes what JSON.stringify writes', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('\ud800', '"', '\\', '\u2028', '\n', 'đường'))
  const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }))), { maxLength: 8 }), (entries) => {
      const fields = new Map(entries)
      const members = [...fields].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      expect(serialize('{', fields)).toBe(`{${members.join(',')}}`)
      expect(serialize('{"first":1', fields)).toBe(`{${['"first":1', ...members].join(',')}}`)
    }),
  )
})
