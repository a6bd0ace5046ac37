import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { parseAddress } from '../../enrichment/index.ts'

/**
 * Datagrams that the kernel dropped since the socket was opened, because its receive buffer was full: the `drops` column of
 * /proc/net/udp (proc_net_udp(5)). 0 where there is no such file.
 */
export function kernelDropsOf(address: string, port: number): number {
  try {
    return parseKernelDrops(readFileSync(address.includes(':') ? '/proc/net/udp6' : '/proc/net/udp', 'latin1'), address, port)
  } catch {
    return 0
  }
}

/** Of the sockets bound to this address and port, and no other program's on the same port: `local_address` is hex `address:port`, `drops` the last column. */
export function parseKernelDrops(table: string, address: string, port: number): number {
  const bound = `${kernelHex(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let drops = 0
  for (const row of table.split('\n').slice(1)) {
    const columns = row.trim().split(/\s+/)
    if (columns[1] === bound) drops += Number(columns.at(-1)) || 0
  }
  return drops
}

/** An address as the kernel prints it: words of 32 bits, each in the machine's own order. */
function kernelHex(address: string): string {
  const parsed = parseAddress(address)
  const digits = address.includes(':') ? 32 : 8
  const hex = (parsed?.value ?? 0).toString(16).toUpperCase().padStart(digits, '0')
  if (endianness() === 'BE') return hex
  return hex.replace(/(..)(..)(..)(..)/g, '$4$3$2$1')
}
