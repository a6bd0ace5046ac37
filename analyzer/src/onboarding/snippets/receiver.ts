import type { Config } from '@vonggac/contract'

/** Where senders reach the collector, and what they show it. */
export interface Receiver {
  /** An address or host name that the collector's certificate names. */
  readonly host: string
  readonly syslog: Door
  readonly http: Door
  /** undefined where the collector does not listen for it. */
  readonly lumberjack: Door | undefined
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
export function receiverOf({ tls, syslog, http, lumberjack }: Config['collector'], authority: string, own?: OwnFiles): Receiver {
  return {
    host: tls.names.find((name) => !local.test(name)) ?? tls.names[0]!,
    syslog: doorOf({ port: syslog.tcpPort, tlsPort: syslog.tlsPort })!,
    http: doorOf(http)!,
    lumberjack: doorOf(lumberjack),
    authority,
    own,
  }
}

function doorOf({ port, tlsPort }: { readonly port: number | null; readonly tlsPort: number | null }): Door | undefined {
  if (tlsPort !== null) return { port: tlsPort, tls: true }
  return port === null ? undefined : { port, tls: false }
}

/** Named as the console saves them. */
export const authorityFile = '/etc/vonggac/vonggac-ca.crt'

export function ownFiles(source: string): OwnFiles {
  return { certificate: `/etc/vonggac/${source}.crt`, key: `/etc/vonggac/${source}.key` }
}

export function urlOf({ host, http }: Receiver): string {
  return `${http.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}
