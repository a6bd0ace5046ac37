import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { IdentityKeeper, TlsIdentity } from './identity.ts'

export interface TlsOptions {
  readonly keeper: IdentityKeeper
  readonly requireClientCertificate: boolean
  /** Serial numbers, lower-case hexadecimal, that count no more. */
  readonly revoked: () => ReadonlySet<string>
}

export interface TlsCallbacks {
  /** @param certificate common name of its certificate, which the authority vouches for */
  readonly onPeer: (socket: TLSSocket, certificate?: string) => void
  /** A connection that was turned away, and why. */
  readonly onRefused: (reason: 'bad-certificate' | 'no-certificate' | 'revoked-certificate' | 'tls-handshake', detail: string) => void
}

const handshakeMs = 20_000

/**
 * A TLS server (1.2 and later) whose certificate changes without closing it. Until there is one, every handshake fails. Senders may show a
 * certificate; one that does not hold is turned away, whether or not one was needed.
 */
export function createTlsServer(options: TlsOptions, { onPeer, onRefused }: TlsCallbacks): Server {
  const { keeper, requireClientCertificate, revoked } = options
  const server = createServer(
    { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs },
    (socket) => {
      const shown = socket.getPeerCertificate()
      const refuse = (reason: 'bad-certificate' | 'no-certificate' | 'revoked-certificate', detail: string) => {
        onRefused(reason, detail)
        socket.destroy()
      }
      if (shown?.serialNumber === undefined) {
        if (requireClientCertificate) refuse('no-certificate', 'the sender shows no certificate')
        else onPeer(socket)
      } else if (!socket.authorized) refuse('bad-certificate', String(socket.authorizationError))
      else if (revoked().has(shown.serialNumber.toLowerCase())) refuse('revoked-certificate', shown.serialNumber)
      else onPeer(socket, firstOf(shown.subject.CN ?? ''))
    },
  )
  server.on('tlsClientError', (error) => onRefused('tls-handshake', error.message))
  keeper.follow(({ certificate, key, authority }: TlsIdentity) =>
    server.setSecureContext({ cert: certificate, key, ...(authority === '' ? {} : { ca: authority }), minVersion: 'TLSv1.2' }),
  )
  return server
}

function firstOf(name: string | readonly string[]): string {
  return typeof name === 'string' ? name : (name[0] ?? '')
}
