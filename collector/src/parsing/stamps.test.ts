import { formatEventId } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventIdWriter, IsoWriter } from './stamps.ts'

it('writes what Date writes, whatever it wrote before', () => {
  const year = (text: string) => Date.parse(text)
  const times = fc.integer({ min: year('0000-01-01T00:00:00Z'), max: year('9999-12-31T23:59:59.999Z') })
  const near = fc.integer({ min: 1_790_000_000_000, max: 1_790_000_100_000 })
  fc.assert(
    fc.property(fc.array(fc.oneof(times, near), { maxLength: 50 }), (list) => {
      const writer = new IsoWriter()
      for (const ms of list) expect(writer.write(ms)).toBe(new Date(ms).toISOString())
    }),
  )
})

it('writes ids as the contract has them, whatever it wrote before', () => {
  const positions = fc.oneof(fc.nat(100_000), fc.integer({ min: 1_790_000_000_000_000, max: 1_790_000_000_100_000 }))
  const received = fc.integer({ min: 1_790_000_000_000, max: 1_790_000_000_003 })
  const parts = fc.tuple(received, fc.constantFrom('c1', 'bien-phong'), positions)
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 50 }), (list) => {
      const writer = new EventIdWriter()
      for (const one of list) expect(writer.write(...one)).toBe(formatEventId(...one))
    }),
  )
})
