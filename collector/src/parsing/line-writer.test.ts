import type { FieldValue, Scalar } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { LineWriter } from './line-writer.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('\ud800', '"', '\\', '\u2028', '\n', '\u007f', 'đường', '😀'),
)
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.nat(100_000),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
)
const value: fc.Arbitrary<FieldValue> = fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }))
const memory = (bytes: number) => new ArrayBuffer(bytes)

it('writes what JSON.stringify writes, however small its memory was', () => {
  const lines = fc.array(fc.array(fc.tuple(text, value), { maxLength: 8 }), { maxLength: 3 })
  fc.assert(
    fc.property(lines, fc.integer({ min: 0, max: 300 }), (wanted, bytes) => {
      const out = new LineWriter(memory(bytes))
      let expected = ''
      for (const entries of wanted) {
        const members = new Map(entries)
        out.begin()
        for (const [name, one] of members) out.member(name, one)
        out.take()
        expected += `{${[...members].map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}\n`
      }
      // Text that is no UTF-8 becomes so on both ways.
      expect(out.bytes.toString()).toBe(Buffer.from(expected).toString())
      expect(out.count).toBe(wanted.length)
    }),
  )
})

it('writes UTF-8 as the text that it is', () => {
  fc.assert(
    fc.property(text, (one) => {
      const out = new LineWriter(memory(0))
      out.begin()
      out.member('a', 1)
      out.utf8Member('b', Buffer.from(one))
      out.take()
      expect(out.bytes.toString()).toBe(`{"a":1,"b":${JSON.stringify(Buffer.from(one).toString())}}\n`)
    }),
  )
})

it('takes no line beyond its limit but the first, and writes the next one in its place', () => {
  const out = new LineWriter(memory(10), 20)
  const line = (text: string) => {
    out.begin()
    out.member('m', text)
    return out.take()
  }
  expect([line('longer than the limit is'), line('a')]).toEqual([true, false])
  const other = new LineWriter(memory(10), 20)
  other.begin()
  other.member('m', 'a')
  expect(other.take()).toBe(true)
  other.begin()
  other.member('m', 'no room for it')
  expect(other.take()).toBe(false)
  other.begin()
  other.member('m', 'b')
  expect(other.take()).toBe(true)
  expect(other.bytes.toString()).toBe('{"m":"a"}\n{"m":"b"}\n')
})
