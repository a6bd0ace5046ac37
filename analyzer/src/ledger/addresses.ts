import type { Config, SourceConfig } from '@vonggac/contract'

type Doors = Pick<Config['collector'], 'tls' | 'syslog' | 'http' | 'relp' | 'lumberjack' | 'gelf'>

/** A door that is open to this machine alone, or a name by which nobody else reaches it. */
const local = /^(localhost|127\.|::1$)/

/** Where senders of the source send to, the safest way first; none where the collector fetches by itself. */
export function addressesOf(doors: Doors, { transport }: Pick<SourceConfig, 'transport'>): string[] {
  const { syslog, http, relp, lumberjack, gelf } = doors
  const plain = (protocol: string, { host }: { readonly host: string }, port: number | null, path = '') =>
    port === null ? [] : [`${protocol}://${local.test(host) ? host : reachable(doors, host)}:${port}${path}`]
  /** The certificate names no other host. */
  const secure = (protocol: string, port: number | null, path = '') =>
    port === null ? [] : [`${protocol}://${reachable(doors)}:${port}${path}`]
  const overHttp = (path: string) => [...secure('https', http.tlsPort, path), ...plain('http', http, http.port, path)]
  if (transport === 'http') return overHttp('/v1/events')
  if (transport === 'journald') return overHttp('')
  if (transport === 'lumberjack') return [...secure('beats+tls', lumberjack.tlsPort), ...plain('beats', lumberjack, lumberjack.port)]
  if (transport === 'gelf')
    return [...secure('gelf+tls', gelf.tlsPort), ...plain('gelf+tcp', gelf, gelf.tcpPort), ...plain('gelf+udp', gelf, gelf.udpPort)]
  if (transport !== 'syslog') return []
  return [
    ...secure('tls', syslog.tlsPort),
    ...secure('relp+tls', relp.tlsPort),
    ...plain('relp', relp, relp.port),
    ...plain('tcp', syslog, syslog.tcpPort),
    ...plain('udp', syslog, syslog.udpPort),
  ]
}

function reachable({ tls: { names } }: Doors, own = names[0]!): string {
  const name = names.find((one) => !local.test(one)) ?? own
  return name.includes(':') ? `[${name}]` : name
}
