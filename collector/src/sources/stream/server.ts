import { createServer, type Server, type Socket } from 'node:net'
import type { DropPlace } from '@vonggac/contract'
import type { Logger } from 'pino'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import { createTlsServer, type TlsOptions } from '../../tls/index.ts'
import type { Intake, Sender } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import type { AddressedTransport } from '../registry.ts'

export interface StreamOptions {
  readonly transport: AddressedTransport
  /** What is turned away is counted under it. */
  readonly place: DropPlace
  /** Of the port, in `vonggac.yml`. */
  readonly setting: string
  readonly host: string
  readonly port: number
  readonly maxConnections: number
  readonly tls?: TlsOptions
}

/** What speaks a protocol on a connection. */
export interface StreamConnection {
  /** The collector stops: what has arrived is taken now, and the connection closed. */
  end(): void
}

/**
 * Listens for connections of one protocol, over TCP or TLS. A certificate names the source; without one, the sender's address does.
 * @throws ListenError
 */
export async function startStream(
  options: StreamOptions,
  intake: Intake,
  log: Logger,
  speak: (socket: Socket, sender: Sender) => StreamConnection,
): Promise<RunningServer> {
  const { transport, place, setting, host, port, maxConnections, tls } = options
  const connections = new Set<StreamConnection>()
  const refused = (reason: string, detail: string) => {
    intake.drop(place, reason)
    log.warn({ place, reason, detail }, 'a connection is refused')
  }
  const welcome = (socket: Socket, certificate?: string) => {
    const peer = plainAddress(socket.remoteAddress)
    socket.on('error', (error) => log.debug({ place, peer, error: error.message }, 'a connection failed'))
    const connection = speak(socket, { transport, peer, ...(certificate !== undefined && { certificate }) })
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  }
  const server: Server = tls
    ? createTlsServer(tls, { onPeer: welcome, onRefused: refused })
    : createServer({ keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => welcome(socket))
  server.maxConnections = maxConnections
  server.on('drop', () => refused('connection-limit', `more than ${maxConnections} connections`))
  const address = await listen(server, { host, port }, setting)
  return {
    address,
    async stop() {
      const closed = closeServer(server)
      for (const connection of connections) connection.end()
      await closed
    },
  }
}
