/** Addresses and networks of IP, version 4 and 6. An IPv4 address written as IPv6 (`::ffff:10.1.2.3`) is the IPv4 address. */
import ipaddr from 'ipaddr.js'

/** The 4 or 16 bytes of an address, or undefined where the text is none. Octal, hexadecimal and short IPv4 forms are none. */
export function parseAddress(text: string): readonly number[] | undefined {
  if (text.length > 80) return undefined
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray()
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  return (address.isIPv4MappedAddress() ? address.toIPv4Address() : address).toByteArray()
}

export interface Network {
  readonly bytes: readonly number[]
  /** Leading bits that count, 0 to 32 or 128. */
  readonly bits: number
}

/** A network in CIDR notation; an address alone is the network of that one address. Undefined where the text is neither. */
export function parseNetwork(cidr: string): Network | undefined {
  const slash = cidr.indexOf('/')
  const text = slash < 0 ? cidr : cidr.slice(0, slash)
  const bytes = parseAddress(text)
  if (bytes === undefined) return undefined
  if (slash < 0) return { bytes, bits: bytes.length * 8 }
  const mask = cidr.slice(slash + 1)
  if (!/^\d{1,3}$/.test(mask)) return undefined
  const bits = bytes.length === 4 && text.includes(':') ? Number(mask) - 96 : Number(mask)
  return bits < 0 || bits > bytes.length * 8 ? undefined : { bytes, bits }
}

export function networkContains(network: Network, address: readonly number[]): boolean {
  if (address.length !== network.bytes.length) return false
  for (let i = 0, left = network.bits; left > 0; i++, left -= 8) {
    const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff
    if (((address[i] ?? 0) & mask) !== ((network.bytes[i] ?? 0) & mask)) return false
  }
  return true
}
