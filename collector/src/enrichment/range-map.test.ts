import { BlockList } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseAddress, parseNetwork } from './address.ts'
import { RangeMap } from './range-map.ts'

const map = (...networks: string[]) => new RangeMap(networks.map((network) => [network, network] as const))

it('gives the smallest network that holds the address', () => {
  const found = map('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3', '192.168.0.0/16', '2001:db8::/32', '2001:db8:1::/48')
  const of = (address: string) => found.get(address)
  expect(['10.0.0.1', '10.1.0.0', '10.1.2.2', '10.1.2.3', '10.1.2.4', '10.1.3.0', '10.255.255.255'].map(of)).toEqual([
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.0/24',
    '10.1.2.3',
    '10.1.2.0/24',
    '10.1.0.0/16',
    '10.0.0.0/8',
  ])
  expect(['9.255.255.255', '11.0.0.0', 'fe80::1', 'portal', ''].map(of)).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(['2001:db8::1', '2001:db8:1::1', '2001:db8:2::', '::ffff:10.1.2.3'].map(of)).toEqual([
    '2001:db8::/32',
    '2001:db8:1::/48',
    '2001:db8::/32',
    '10.1.2.3',
  ])
})

it('takes the first of two that are alike, and leaves out what is no network', () => {
  const found = new RangeMap([
    ['10.0.0.0/8', 'a'],
    ['10.0.0.0/8', 'b'],
    ['10.0.0.0/99', 'c'],
    ['everything', 'd'],
    ['0.0.0.0/0', 'e'],
    ['::/0', 'f'],
  ])
  expect(['10.0.0.1', '255.255.255.255', '0.0.0.0', '::'].map((address) => found.get(address))).toEqual(['a', 'e', 'e', 'f'])
})

it('reads addresses as node does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const parsed = parseAddress(text)!
      const network = parseNetwork(text)!
      expect([network.first, network.last]).toEqual([parsed.value, parsed.value])
      const list = new BlockList()
      list.addAddress(text, text.includes(':') ? 'ipv6' : 'ipv4')
      const again =
        parsed.family === 4
          ? [24, 16, 8, 0].map((shift) => Math.floor(parsed.value / 2 ** shift) % 256).join('.')
          : Array.from({ length: 8 }, (_, i) => ((parsed.value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')
      expect(list.check(again, parsed.family === 4 ? 'ipv4' : 'ipv6')).toBe(true)
    }),
  )
  for (const text of [
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    '1..2.3',
    '1.2.3.',
    ' 1.2.3.4',
    '1:2',
    ':::',
    '12345::',
    '1.2.3.4/33',
    '::/129',
    '::/x',
  ]) {
    expect([text, parseNetwork(text)]).toEqual([text, undefined])
  }
})

it('finds what looking at every network finds', () => {
  const network = fc
    .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 14, max: 32 }))
    .map(([low, bits]) => `10.9.${low >> 8}.${low & 255}/${bits}`)
  fc.assert(
    fc.property(fc.array(network, { maxLength: 30 }), fc.integer({ min: 0, max: 0xffff }), (networks, low) => {
      const address = `10.9.${low >> 8}.${low & 255}`
      const value = parseAddress(address)!.value
      const holding = networks
        .map((text) => ({ text, range: parseNetwork(text)! }))
        .filter(({ range }) => range.first <= value && value <= range.last)
        .toSorted((a, b) => Number(b.range.first) - Number(a.range.first) || Number(a.range.last) - Number(b.range.last))
      expect(map(...networks).get(address)).toBe(holding[0]?.text)
    }),
  )
})
