import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { digitsAt } from './digits.ts'

it('reads digits, and nothing else', () => {
  const text = fc.string({ unit: fc.constantFrom('0', '1', '9', '-', ' ', 'x', 'đ'), maxLength: 15 })
  fc.assert(
    fc.property(text, (one) => {
      expect(digitsAt(`<${one}>`, 1, 1 + one.length)).toBe(/^\d*$/.test(one) ? Number(one) : NaN)
    }),
  )
})
