import { readFileSync } from 'node:fs'

/**
 * Datagrams that the kernel dropped since the socket was opened, because its receive buffer was full: the `drops` column of
 * /proc/net/udp (proc_net_udp(5)). 0 where there is no such file.
 */
export function kernelDropsOf(port: number, ipv6: boolean): number {
  try {
    return parseKernelDrops(readFileSync(ipv6 ? '/proc/net/udp6' : '/proc/net/udp', 'latin1'), port)
  } catch {
    return 0
  }
}

/** Sum over the sockets bound to the port: `local_address` is hex `address:port`, `drops` the last column. */
export function parseKernelDrops(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let drops = 0
  for (const row of table.split('\n').slice(1)) {
    const columns = row.trim().split(/\s+/)
    if (columns[1]?.endsWith(suffix)) drops += Number(columns.at(-1)) || 0
  }
  return drops
}
