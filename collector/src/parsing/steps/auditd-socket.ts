import { SocketAddress } from 'node:net'

/** The families that are decoded, by their numbers on Linux. */
const [unix, inet, inet6] = [1, 2, 10]
const families: ReadonlyMap<number, string> = new Map([
  [unix, 'unix'],
  [inet, 'ipv4'],
  [inet6, 'ipv6'],
  [16, 'netlink'],
  [17, 'packet'],
])

/**
 * The address of a SOCKADDR record: a `struct sockaddr` in hexadecimal digits, its family in the byte order of x86 and ARM, ports and addresses in that of
 * the network. Gives `family`, and of it `addr` and `port`, or `path`; an abstract path begins with `@`.
 */
export function readSocketAddress(hexadecimal: string): [name: string, value: string][] {
  if (!/^(?:[0-9A-Fa-f]{2}){2,}$/.test(hexadecimal)) return []
  const bytes = Buffer.from(hexadecimal, 'hex')
  const number = bytes.readUInt16LE(0)
  const family = families.get(number)
  if (family === undefined) return []
  const said: [string, string][] = [['family', family]]
  if (number === inet && bytes.length >= 8) {
    said.push(['addr', bytes.subarray(4, 8).join('.')], ['port', `${bytes.readUInt16BE(2)}`])
  } else if (number === inet6 && bytes.length >= 24) {
    said.push(['addr', ipv6(bytes.subarray(8, 24))], ['port', `${bytes.readUInt16BE(2)}`])
  } else if (number === unix) {
    const isAbstract = bytes[2] === 0
    const path = bytes.toString('utf8', isAbstract ? 3 : 2).split('\0', 1)[0]!
    if (path !== '') said.push(['path', isAbstract ? `@${path}` : path])
  }
  return said
}

/** One of an IPv4 connection on an IPv6 socket is that of IPv4. */
function ipv6(bytes: Buffer): string {
  const groups = bytes.toString('hex').match(/.{4}/g)!.join(':')
  const { address } = new SocketAddress({ address: groups, family: 'ipv6' })
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
