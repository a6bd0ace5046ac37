import type { Config } from '@vonggac/contract'

/** Where senders reach the collector, and what they show it. */
export interface Receiver {
  /** An address or host name that the collector's certificate names. */
  readonly host: string
  readonly syslog: Door
  readonly http: Door
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
export function receiverOf({ tls, syslog, http }: Config['collector'], authority: string, own?: OwnFiles): Receiver {
  return {
    host: tls.names.find((name) => !local.test(name)) ?? tls.names[0]!,
    syslog: syslog.tlsPort === null ? { port: syslog.tcpPort, tls: false } : { port: syslog.tlsPort, tls: true },
    http: http.tlsPort === null ? { port: http.port, tls: false } : { port: http.tlsPort, tls: true },
    authority,
    own,
  }
}

/** Named as the console saves them. */
export const authorityFile = '/etc/vonggac/vonggac-ca.crt'

export function ownFiles(source: string): OwnFiles {
  return { certificate: `/etc/vonggac/${source}.crt`, key: `/etc/vonggac/${source}.key` }
}

export function urlOf({ host, http }: Receiver): string {
  return `${http.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}
