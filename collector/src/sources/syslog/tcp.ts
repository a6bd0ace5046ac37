import { createServer, type Socket } from 'node:net'
import type { Logger } from 'pino'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import type { Intake, Sender } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { SyslogFramer } from './framing.ts'

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
  const connections = new Set<Connection>()
  const server = createServer({ noDelay: false, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    const connection = new Connection(socket, options.maxFrameBytes, intake, log)
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

class Connection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #framer: SyslogFramer
  /** Sources that have sent through it: they count as connected while it is open. */
  readonly #sources = new Set<string>()
  #receivedMs = 0
  #ended = false

  constructor(socket: Socket, maxFrameBytes: number, intake: Intake, log: Logger) {
    this.#socket = socket
    this.#sender = { transport: 'syslog', peer: plainAddress(socket.remoteAddress) }
    this.#intake = intake
    this.#framer = new SyslogFramer(maxFrameBytes, (bytes, flags) => this.#take(bytes, flags))
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => log.debug({ peer: this.#sender.peer, error: error.message }, 'syslog connection failed'))
    socket.on('close', () => this.#closed())
  }

  /** What has arrived is taken now: the journal may be closed before the socket says that it is. */
  end(): void {
    this.#closed()
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return
    this.#receivedMs = this.#intake.now()
    this.#framer.push(chunk)
    if (!this.#intake.congested) return
    this.#socket.pause()
    void this.#intake.ready().then(() => this.#socket.resume())
  }

  #take(bytes: Buffer, flags: number): void {
    const { source } = this.#intake.acceptFrom(this.#sender, bytes, flags, this.#receivedMs)
    if (this.#sources.has(source)) return
    this.#sources.add(source)
    this.#intake.connected(source, 1)
  }

  #closed(): void {
    if (this.#ended) return
    this.#ended = true
    this.#receivedMs = this.#intake.now()
    this.#framer.end()
    for (const source of this.#sources) this.#intake.connected(source, -1)
    this.#sources.clear()
  }
}
