/**
 * A network as regular expressions over the texts of its addresses, because an address is text wherever an event puts one and
 * DuckDB's `inet` is an extension that must be downloaded. They accept what ir/network.ts accepts: any run of zeros shortened to
 * `::`, leading zeros in groups, a zone, a dotted tail, and IPv4 written as IPv6.
 */
import { parseNetwork, type Network } from '../../ir/network.ts'

export interface NetworkPatterns {
  /** RE2 pattern for a whole text without colon; absent for networks of IPv6. */
  readonly dotted?: string
  /** RE2 pattern for a whole text with a colon. */
  readonly colons: string
  /** Texts that fit `colons` but are IPv4 addresses, which no network of IPv6 has. */
  readonly exceptColons?: string
}

/** The patterns of a network's addresses, or undefined where the text is no network. */
export function networkPatterns(cidr: string): NetworkPatterns | undefined {
  const network = parseNetwork(cidr)
  if (network === undefined) return undefined
  if (network.bytes.length === 4) return { dotted: dottedPattern(network), colons: mappedPattern(network) }
  const colons = groupsPattern(network)
  return mayBeMapped(network) ? { colons, exceptColons: mappedPattern({ bytes: [0, 0, 0, 0], bits: 0 }) } : { colons }
}

function dottedPattern(network: Network): string {
  return ranges(network, 8)
    .map((range) => octet(range, 10))
    .join('\\.')
}

/** IPv4 written as IPv6; `::10.1.2.3` is read like `::ffff:10.1.2.3`. */
function mappedPattern({ bytes, bits }: Network): string {
  const network = { bytes: [...Array<number>(10).fill(0), 0xff, 0xff, ...bytes], bits: bits + 96 }
  return `${groupsPattern(network)}|(?i)::${tailPattern(network)}${zone}`
}

const zone = '(?:%[0-9a-z]+)?'

function groupsPattern(network: Network): string {
  const groups = ranges(network, 16)
  const hex = groups.map(hexGroup)
  const forms = shortened(groups, hex)
  const heads = shortened(groups.slice(0, 6), hex.slice(0, 6)).filter((head) => head !== '::')
  const openHeads = heads.map((head) => (head.endsWith('::') ? head : `${head}:`))
  return `(?i)(?:${forms.join('|')}|(?:${openHeads.join('|')})${tailPattern(network)})${zone}`
}

/** The last 32 bits as four octets, decimal or hexadecimal, with any leading zeros. */
function tailPattern({ bytes, bits }: Network): string {
  return ranges({ bytes: bytes.slice(12), bits: Math.max(0, bits - 96) }, 8)
    .map((range) => `(?:0*${octet(range, 10)}|0x0*${octet(range, 16)})`)
    .join('\\.')
}

function mayBeMapped(network: Network): boolean {
  const groups = ranges(network, 16)
  return groups.slice(0, 5).every(({ low }) => low === 0) && (groups[5]?.high ?? 0) === 0xffff
}

interface Range {
  readonly low: number
  readonly high: number
}

/** What each unit of so many bits may be in an address of the network: `low` with any of its trailing bits set. */
function ranges({ bytes, bits }: Network, width: 8 | 16): Range[] {
  const units = width === 8 ? bytes : bytes.flatMap((byte, at) => (at % 2 === 0 ? [byte * 256 + (bytes[at + 1] ?? 0)] : []))
  return units.map((unit, at) => {
    const free = Math.min(width, Math.max(0, (at + 1) * width - bits))
    const low = (unit >> free) << free
    return { low, high: low + 2 ** free - 1 }
  })
}

/** The groups in full, and with each run of groups that may be zero left out. */
function shortened(groups: readonly Range[], hex: readonly string[]): string[] {
  const forms = [hex.join(':')]
  for (let from = 0; from < groups.length; from++) {
    for (let to = from + 1; to <= groups.length && groups[to - 1]?.low === 0; to++) {
      forms.push(`${hex.slice(0, from).join(':')}::${hex.slice(to).join(':')}`)
    }
  }
  return forms
}

const hexDigits = '0123456789abcdef'

function hexGroup({ low, high }: Range): string {
  const first = low.toString(16)
  const last = high.toString(16)
  const wanted = Array.from(last, (digit, at) => hexBetween(low === 0 ? '0' : (first[at] as string), digit))
  if (low > 0 || high === 0) return `0*${wanted.join('')}`
  const rest = last.length - 1
  return rest === 0 ? `0*${wanted[0]}` : `0*(?:${wanted[0]}[0-9a-f]{${rest}}|[0-9a-f]{1,${rest}})`
}

function hexBetween(first: string, last: string): string {
  return first === last ? first : `[${hexDigits.slice(hexDigits.indexOf(first), hexDigits.indexOf(last) + 1)}]`
}

function octet({ low, high }: Range, radix: 10 | 16): string {
  if (low === 0 && high === 255) return radix === 10 ? '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])' : '[0-9a-f]{1,2}'
  const numbers = Array.from({ length: high - low + 1 }, (_, at) => (low + at).toString(radix))
  return numbers.length === 1 ? (numbers[0] as string) : `(?:${numbers.join('|')})`
}
