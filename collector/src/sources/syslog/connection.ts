import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import type { Intake, Sender } from '../intake.ts'
import { SyslogFramer } from './framing.ts'

/** Frames of one connection (RFC 6587). While the journal is congested it is not read: back-pressure is TCP's own. */
export class SyslogConnection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #framer: SyslogFramer
  /** Sources that have sent through it: they count as connected while it is open. */
  readonly #sources = new Set<string>()
  #receivedMs = 0
  #ended = false

  constructor(socket: Socket, sender: Sender, maxFrameBytes: number, intake: Intake, log: Logger) {
    this.#socket = socket
    this.#sender = sender
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
