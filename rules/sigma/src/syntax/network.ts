import ipaddr from 'ipaddr.js'
import { ValueProblem } from './problem.ts'

/** `10.0.0.0/8`, `2001:db8::/32` or a single address, as `address/bits` with the host bits cleared. */
export function normalizeNetwork(written: string): string {
  const [address = '', bits, ...more] = written.trim().split('/')
  if (more.length > 0 || !(ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address))) throw notANetwork(written)
  const parsed = ipaddr.parse(address)
  const width = parsed.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? width : Number(bits)
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) throw notANetwork(written)
  if (length > width) throw new ValueProblem('network-invalid', `"${written}" has ${length} bits; an address of this kind has ${width}.`)
  const bytes = parsed.toByteArray().map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, length - index * 8))) & 0xff)
  return `${ipaddr.fromByteArray(bytes).toString()}/${length}`
}

function notANetwork(written: string): ValueProblem {
  return new ValueProblem('network-invalid', `"${written}" is not a network.`, 'Write it like 10.0.0.0/8 or 2001:db8::/32.')
}
