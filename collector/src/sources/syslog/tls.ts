import type { Logger } from 'pino'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import { createTlsServer, type IdentityKeeper } from '../../tls/index.ts'
import type { Intake } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { SyslogConnection } from './connection.ts'

export interface SyslogTlsOptions {
  readonly host: string
  readonly port: number
  readonly maxFrameBytes: number
  readonly maxConnections: number
  readonly requireClientCertificate: boolean
  readonly revoked: () => ReadonlySet<string>
}

/**
 * Syslog over TLS (RFC 5425). A certificate of the platform's authority names the source; without one, the sender's address does, as over TCP.
 * @throws ListenError
 */
export async function startSyslogTls(
  options: SyslogTlsOptions,
  keeper: IdentityKeeper,
  intake: Intake,
  log: Logger,
): Promise<RunningServer> {
  const { host, port, maxFrameBytes, maxConnections, requireClientCertificate, revoked } = options
  const connections = new Set<SyslogConnection>()
  const refused = (reason: string, detail: string) => {
    intake.drop('syslog-tls', reason)
    log.warn({ reason, detail }, 'a syslog connection over TLS is refused')
  }
  const server = createTlsServer(keeper, { requireClientCertificate, revoked, onRefused: refused }, ({ socket, certificate }) => {
    const sender = {
      transport: 'syslog',
      peer: plainAddress(socket.remoteAddress),
      ...(certificate !== undefined && { certificate }),
    } as const
    const connection = new SyslogConnection(socket, sender, maxFrameBytes, intake, log)
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  })
  server.maxConnections = maxConnections
  server.on('drop', () => refused('connection-limit', `more than ${maxConnections} connections`))
  const address = await listen(server, { host, port }, 'collector.syslog.tlsPort')
  return {
    address,
    async stop() {
      const closed = closeServer(server)
      for (const connection of connections) connection.end()
      await closed
    },
  }
}
