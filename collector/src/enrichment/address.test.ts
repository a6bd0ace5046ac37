import { isIP } from 'node:net'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isAddress } from './address.ts'

it('takes for an address what Node takes for one', () => {
  const octet = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '01', '255', '256', 'a', ' 1'))
  const dotted = fc.array(octet, { minLength: 2, maxLength: 6 }).map((parts) => parts.join('.'))
  const text = fc.oneof(dotted, fc.ipV4(), fc.ipV6(), fc.string(), fc.constantFrom('::', '::1%eth0', '1.2.3.4:5', '::ffff:1.2.3.4'))
  fc.assert(
    fc.property(text, (one) => {
      expect(isAddress(one)).toBe(isIP(one) !== 0)
    }),
  )
})
