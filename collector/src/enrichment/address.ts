import { isIPv6 } from 'node:net'

/** An address as a number: IPv4 in 32 bits, IPv6 in 128. */
export type Address = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint }

/** What `net.isIP` says, without a regular expression for each host name and address. */
export function isAddress(text: string): boolean {
  return isIpv4(text) || (text.includes(':') && isIPv6(text))
}

const { charCodeAt } = String.prototype

/** Four numbers below 256, without zeros before them. */
function isIpv4(text: string): boolean {
  const { length } = text
  if (length < 7 || length > 15) return false
  let [dots, digits, octet] = [0, 0, 0]
  for (let at = 0; at < length; at++) {
    const code = charCodeAt.call(text, at)
    if (code === 46) {
      if (digits === 0) return false
      dots++
      digits = 0
      octet = 0
    } else {
      if (code < 48 || code > 57 || (digits > 0 && octet === 0)) return false
      octet = octet * 10 + code - 48
      if (octet > 255) return false
      digits++
    }
  }
  return dots === 3 && digits > 0
}

/** undefined for what is no address. An IPv4 address in the dress of IPv6 (`::ffff:10.0.0.1`) is IPv4; the interface of a link-local one is left out. */
export function parseAddress(text: string): Address | undefined {
  const plain = parseIpv4(text)
  if (plain !== undefined) return { family: 4, value: plain }
  if (!text.includes(':') || !isIPv6(text)) return undefined
  const value = parseIpv6(text)
  return value >> 32n === 0xffffn ? { family: 4, value: Number(value & 0xffffffffn) } : { family: 6, value }
}

function parseIpv4(text: string): number | undefined {
  let value = 0
  let octet = -1
  let dots = 0
  if (text.length > 15) return undefined
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46) {
      if (octet < 0 || ++dots > 3) return undefined
      value = value * 256 + octet
      octet = -1
    } else if (code >= 48 && code <= 57) {
      octet = Math.max(octet, 0) * 10 + code - 48
      if (octet > 255) return undefined
    } else return undefined
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined
}

/** Of a text that is an IPv6 address (RFC 4291, 2.2). */
function parseIpv6(text: string): bigint {
  const zone = text.indexOf('%')
  const [head = '', tail] = (zone < 0 ? text : text.slice(0, zone)).split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(group), 0n)
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    const dotted = group.includes('.') ? parseIpv4(group)! : undefined
    return dotted === undefined ? [Number.parseInt(group, 16)] : [Math.floor(dotted / 65_536), dotted % 65_536]
  })
}

/** First and last address of a network such as `10.0.0.0/8`, or of a single address. */
export type Network =
  | { readonly family: 4; readonly first: number; readonly last: number }
  | { readonly family: 6; readonly first: bigint; readonly last: bigint }

/** undefined for what is no network. Bits beyond the prefix do not matter. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (!address) return undefined
  const most = address.family === 4 ? 32 : 128
  const prefix = slash < 0 ? most : /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : NaN
  if (!(prefix <= most)) return undefined
  if (address.family === 4) {
    const size = 2 ** (32 - prefix)
    const first = Math.floor(address.value / size) * size
    return { family: 4, first, last: first + size - 1 }
  }
  const host = BigInt(128 - prefix)
  const first = (address.value >> host) << host
  return { family: 6, first, last: first + (1n << host) - 1n }
}
