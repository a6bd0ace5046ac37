import { say, VonggacError, type Config } from '@vonggac/contract'

/** Where senders reach the collector, and what they show it. */
export interface Receiver {
  /** An address or host name that the collector's certificate names. */
  readonly host: string
  readonly syslog: Door
  readonly http: Door
  /** Here and below, undefined where the collector does not listen for it. */
  readonly lumberjack: Door | undefined
  readonly relp: Door | undefined
  /** GELF over TCP or TLS. */
  readonly gelf: Door | undefined
  /** GELF for those who know no TLS. */
  readonly gelfPlain: (Door & { readonly protocol: 'tcp' | 'udp' }) | undefined
  /** PEM of the authority that vouches for the collector. */
  readonly authority: string
  /** Where the sender keeps its own certificate; undefined where it is known otherwise. */
  readonly own: OwnFiles | undefined
}

export interface OwnFiles {
  readonly certificate: string
  readonly key: string
}

/** The port over TLS where there is one. */
export interface Door {
  readonly port: number
  readonly tls: boolean
}

const local = /^(localhost|127\.|::1$)/

/** The first name that another machine can use; on a machine of its own there is none but `localhost`. */
export function receiverOf(settings: Config['collector'], authority: string, own?: OwnFiles): Receiver {
  const { tls, syslog, http, lumberjack, relp, gelf } = settings
  return {
    host: tls.names.find((name) => !local.test(name)) ?? tls.names[0]!,
    syslog: doorOf({ port: syslog.tcpPort, tlsPort: syslog.tlsPort })!,
    http: doorOf(http)!,
    lumberjack: doorOf(lumberjack),
    relp: doorOf(relp),
    gelf: doorOf({ port: gelf.tcpPort, tlsPort: gelf.tlsPort }),
    gelfPlain: plainGelf(gelf),
    authority,
    own,
  }
}

function doorOf({ port, tlsPort }: { readonly port: number | null; readonly tlsPort: number | null }): Door | undefined {
  if (tlsPort !== null) return { port: tlsPort, tls: true }
  return port === null ? undefined : { port, tls: false }
}

function plainGelf({ tcpPort, udpPort }: Config['collector']['gelf']): Receiver['gelfPlain'] {
  if (tcpPort !== null) return { protocol: 'tcp', port: tcpPort, tls: false }
  return udpPort === null ? undefined : { protocol: 'udp', port: udpPort, tls: false }
}

/**
 * @param protocol what would come through the door, for people
 * @param setting of its port, in `vonggac.yml`
 * @throws VonggacError `invalid-request` where the collector does not listen
 */
export function opened<T extends Door>(door: T | undefined, protocol: string, setting: string): T {
  if (!door) throw new VonggacError('invalid-request', say('snippet-closed', { protocol, setting }))
  return door
}

/** Named as the console saves them. */
export const authorityFile = '/etc/vonggac/vonggac-ca.crt'

export function ownFiles(source: string): OwnFiles {
  return { certificate: `/etc/vonggac/${source}.crt`, key: `/etc/vonggac/${source}.key` }
}

export function urlOf(to: Receiver): string {
  const { http } = to
  return `${http.tls ? 'https' : 'http'}://${urlHost(to)}:${http.port}`
}

export function urlHost({ host }: Receiver): string {
  return host.includes(':') ? `[${host}]` : host
}
