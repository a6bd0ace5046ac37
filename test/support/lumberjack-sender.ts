import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { deflateSync } from 'node:zlib'

/** The beginning of a frame: version 2, its kind, and its numbers. */
export function lumberjackFrame(kind: string, ...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 + numbers.length * 4)
  bytes.write(`2${kind}`)
  for (const [index, value] of numbers.entries()) bytes.writeUInt32BE(value, 2 + index * 4)
  return bytes
}

/** A window of events, packed or not. */
function lumberjackWindow(events: readonly Buffer[], packed: boolean): Buffer {
  const frames = Buffer.concat(events.flatMap((data, index) => [lumberjackFrame('J', index + 1, data.length), data]))
  const window = lumberjackFrame('W', events.length)
  if (!packed) return Buffer.concat([window, frames])
  const data = deflateSync(frames)
  return Buffer.concat([window, lumberjackFrame('C', data.length), data])
}

/** A connection as of a Beat, which waits for its answers. */
export class LumberjackSender {
  readonly #socket: Socket
  readonly #closed: Promise<void>
  #held: Buffer = Buffer.alloc(0)
  #answered = 0
  #onAnswer = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.#hear(chunk))
  }

  static async open(port: number): Promise<LumberjackSender> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new LumberjackSender(socket)
  }

  /** Resolves when the whole window is answered, or the connection has ended: with how many events are. */
  async send(events: readonly Buffer[], packed: boolean): Promise<number> {
    this.#answered = 0
    this.#socket.write(lumberjackWindow(events, packed))
    const answered = new Promise<void>((resolve) => {
      this.#onAnswer = () => this.#answered === events.length && resolve()
    })
    await Promise.race([answered, this.#closed])
    return this.#answered
  }

  /** Writes what follows no answer, and resolves when the other side has closed. */
  async end(bytes: Buffer): Promise<void> {
    this.#socket.write(bytes)
    await this.#closed
  }

  /** Hangs up behind the bytes. */
  async cut(bytes: Buffer = Buffer.alloc(0)): Promise<void> {
    this.#socket.end(bytes)
    await this.#closed
  }

  #hear(chunk: Buffer): void {
    for (this.#held = Buffer.concat([this.#held, chunk]); this.#held.length >= 6; this.#held = this.#held.subarray(6))
      this.#answered = Math.max(this.#answered, this.#held.readUInt32BE(2))
    this.#onAnswer()
  }
}
