import type { Socket } from 'node:net'
import type { Intake, Sender } from '../intake.ts'
import { ConnectedSources } from './connected.ts'
import type { StreamConnection } from './server.ts'

/** Takes a frame and its flags (`frameFlags`). The bytes may be a view that holds until it returns. */
export type TakeFrame = (bytes: Buffer, flags: number) => void

/** Cuts a stream into frames, keeping no more than a bound of what is not complete. */
export interface FrameCutter {
  push(chunk: Buffer): void
  /** The stream ended: what is held is a frame. */
  end(): void
}

/** A connection of a protocol that answers nothing. While the journal is congested it is not read: back-pressure is TCP's own. */
export class OneWayConnection implements StreamConnection {
  readonly #socket: Socket
  readonly #intake: Intake
  readonly #sources: ConnectedSources
  readonly #cutter: FrameCutter
  #receivedMs = 0
  #ended = false

  constructor(socket: Socket, sender: Sender, intake: Intake, cutterFor: (take: TakeFrame) => FrameCutter) {
    this.#socket = socket
    this.#intake = intake
    this.#sources = new ConnectedSources(intake)
    this.#cutter = cutterFor((bytes, flags) => this.#sources.add(intake.acceptFrom(sender, bytes, flags, this.#receivedMs).source))
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('close', () => this.#close())
  }

  /** What has arrived is taken now: the journal may be closed before the socket says that it is. */
  end(): void {
    this.#close()
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return
    this.#receivedMs = this.#intake.now()
    this.#cutter.push(chunk)
    if (!this.#intake.congested) return
    this.#socket.pause()
    void this.#intake.ready().then(() => this.#socket.resume())
  }

  #close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#receivedMs = this.#intake.now()
    this.#cutter.end()
    this.#sources.close()
  }
}
