import { createServer } from 'node:net'
import type { Logger } from 'pino'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { SyslogConnection } from './connection.ts'

export interface SyslogTcpOptions {
  readonly host: string
  readonly port: number
  readonly maxFrameBytes: number
  readonly maxConnections: number
}

/**
 * Syslog over TCP (RFC 6587). Back-pressure is TCP's own: while the journal is congested, connections are not read.
 * @throws ListenError
 */
export async function startSyslogTcp(options: SyslogTcpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const connections = new Set<SyslogConnection>()
  const server = createServer({ noDelay: false, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    const connection = new SyslogConnection(
      socket,
      { transport: 'syslog', peer: plainAddress(socket.remoteAddress) },
      options.maxFrameBytes,
      intake,
      log,
    )
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  })
  server.maxConnections = options.maxConnections
  server.on('drop', (dropped) => {
    intake.drop('syslog-tcp', 'connection-limit')
    log.warn(
      { peer: dropped?.remoteAddress, limit: options.maxConnections },
      'syslog connection refused: the limit of connections is reached',
    )
  })
  const address = await listen(server, { host: options.host, port: options.port }, 'collector.syslog.tcpPort')
  return {
    address,
    async stop() {
      const closed = closeServer(server)
      for (const connection of connections) connection.end()
      await closed
    },
  }
}
