import { RangeMap } from './range-map.ts'

/** Where an address is that nobody can be told a country of. */
export type Special = 'private' | 'reserved'

/** IANA's special-purpose registries (RFC 6890 and its successors), as of 2026. Multicast and what is not yet given out are in no country either. */
const special = new RangeMap<Special>([
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '100.64.0.0/10'].map(asPrivate),
  ...['fc00::/7', 'fe80::/10', '::1/128'].map(asPrivate),
  ...['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'].map(asReserved),
  ...['224.0.0.0/4', '240.0.0.0/4'].map(asReserved),
  // Of IPv6, only 2000::/3 has been given out for use.
  ...['::/3', '4000::/2', '8000::/1', '2001:db8::/32', '2001::/23', '3fff::/20'].map(asReserved),
])

/** undefined for a public address, and for what is no address. */
export function specialOf(address: string): Special | undefined {
  return special.get(address)
}

function asPrivate(network: string): readonly [string, Special] {
  return [network, 'private']
}

function asReserved(network: string): readonly [string, Special] {
  return [network, 'reserved']
}
