import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake, Sender } from '../intake.ts'
import { ConnectedSources } from '../stream/connected.ts'
import { startStream, type StreamConnection, type StreamOptions } from '../stream/server.ts'
import { NulSplitter } from './messages.ts'

export interface GelfTcpOptions extends Pick<StreamOptions, 'host' | 'port' | 'maxConnections' | 'tls'> {
  readonly maxMessageBytes: number
}

/** GELF over TCP: JSON, each ended by NUL. While the journal is congested, connections are not read. @throws ListenError */
export function startGelfTcp(options: GelfTcpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const names = options.tls
    ? { place: 'gelf-tls', setting: 'collector.gelf.tlsPort' }
    : { place: 'gelf-tcp', setting: 'collector.gelf.tcpPort' }
  return startStream({ ...options, ...names, transport: 'gelf' }, intake, log, (socket, sender) => {
    return new GelfConnection(socket, sender, options.maxMessageBytes, intake)
  })
}

class GelfConnection implements StreamConnection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #splitter: NulSplitter
  readonly #sources: ConnectedSources
  #ended = false

  constructor(socket: Socket, sender: Sender, maxMessageBytes: number, intake: Intake) {
    this.#socket = socket
    this.#sender = sender
    this.#intake = intake
    this.#sources = new ConnectedSources(intake)
    this.#splitter = new NulSplitter(maxMessageBytes, (message, oversize) => this.#take(message, oversize))
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('close', () => this.#close())
  }

  /** What has arrived is taken now. */
  end(): void {
    this.#close()
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return
    this.#splitter.push(chunk)
    if (!this.#intake.congested) return
    this.#socket.pause()
    void this.#intake.ready().then(() => this.#socket.resume())
  }

  #take(message: Buffer, oversize: boolean): void {
    const { source } = this.#intake.acceptFrom(this.#sender, message, oversize ? frameFlags.oversize : 0, this.#intake.now())
    this.#sources.add(source)
  }

  #close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#splitter.end()
    this.#sources.close()
  }
}
