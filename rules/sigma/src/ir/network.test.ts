import { describe, expect, it } from 'vitest'
import { networkContains, parseAddress, parseNetwork } from './network.ts'

const contains = (cidr: string, address: string) => {
  const [network, bytes] = [parseNetwork(cidr), parseAddress(address)]
  return network !== undefined && bytes !== undefined && networkContains(network, bytes)
}

describe('networks', () => {
  it.each([
    // A mask that ends inside a byte.
    ['10.8.0.0/13', ['10.8.0.0', '10.15.255.255'], ['10.7.255.255', '10.16.0.0']],
    ['192.0.2.128/25', ['192.0.2.128', '192.0.2.255'], ['192.0.2.127', '192.0.3.128']],
    ['203.0.113.7/31', ['203.0.113.6', '203.0.113.7'], ['203.0.113.5', '203.0.113.8']],
    ['2001:db8:8000::/33', ['2001:db8:8000::1', '2001:db8:ffff::'], ['2001:db8:7fff::', '2001:db9::']],
    // One that ends between bytes.
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3', '::10.1.2.3'], ['11.0.0.0', '9.255.255.255']],
    ['192.0.2.0/24', ['192.0.2.0', '192.0.2.255'], ['192.0.1.255', '192.0.3.0']],
    // The widest and the narrowest.
    ['0.0.0.0/0', ['255.255.255.255', '0.0.0.0'], ['::1']],
    ['::/0', ['::1', 'ffff::'], ['10.0.0.1']],
    ['192.0.2.1/32', ['192.0.2.1'], ['192.0.2.0', '192.0.2.2']],
    ['::1/128', ['::1'], ['::', '::2']],
    ['192.0.2.1', ['192.0.2.1'], ['192.0.2.0', '192.0.3.1']],
    ['2001:db8::1', ['2001:DB8::1'], ['2001:db8::']],
    ['::ffff:10.0.0.0/104', ['10.1.2.3'], ['11.0.0.0']],
  ])('%s', (cidr, inside, outside) => {
    expect([inside, outside].map((all) => all.map((address) => contains(cidr, address)))).toEqual([
      inside.map(() => true),
      outside.map(() => false),
    ])
  })

  it.each([
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/x8',
    '10.0.0.0/8x',
    '10.0.0.0/-1',
    '10.0.0.0/0008',
    '/8',
    '10/8',
    '::ffff:10.0.0.0/95',
  ])('%s is none', (cidr) => expect(parseNetwork(cidr)).toBeUndefined())

  it.each(['010.0.0.1', '0x0a.0.0.1', '10.1', '167772161', '', 'host', ':', `::${'0'.repeat(80)}1`])('%j is no address', (text) =>
    expect(parseAddress(text)).toBeUndefined(),
  )
})
