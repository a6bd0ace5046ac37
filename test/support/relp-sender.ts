import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A session of RELP that waits for its answers. */
export class RelpSender {
  readonly #socket: Socket
  readonly #closed: Promise<void>
  #transaction = 1
  #answers = ''
  #answered = 0
  #onAnswer = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.setEncoding('latin1').on('error', () => {})
    socket.on('data', (text: string) => this.#hear(text))
  }

  static async open(port: number, localAddress = '127.0.0.1'): Promise<RelpSender> {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    await once(socket, 'connect')
    const sender = new RelpSender(socket)
    await sender.#ask('open', [Buffer.from('relp_version=0\nrelp_software=test\ncommands=syslog')])
    return sender
  }

  /** Resolves when all of them are answered. */
  async send(frames: readonly Buffer[]): Promise<void> {
    await this.#ask('syslog', frames)
  }

  /** Writes what follows no answer, and resolves when the other side has closed. */
  async end(text: string): Promise<void> {
    this.#socket.write(Buffer.from(text, 'latin1'))
    await this.#closed
  }

  /** Hangs up behind the text. */
  async cut(text: string): Promise<void> {
    this.#socket.end(Buffer.from(text, 'latin1'))
    await this.#closed
  }

  async #ask(command: string, frames: readonly Buffer[]): Promise<void> {
    const expected = this.#answered + frames.length
    const heads = frames.map(({ length }) => Buffer.from(`${this.#transaction++} ${command} ${length} `))
    this.#socket.write(Buffer.concat(frames.flatMap((frame, index) => [heads[index]!, frame, Buffer.from('\n')])))
    await new Promise<void>((resolve, reject) => {
      this.#onAnswer = () => this.#answered >= expected && resolve()
      void this.#closed.then(() => reject(new Error(`closed with ${expected - this.#answered} frames unanswered`)))
      this.#onAnswer()
    })
  }

  /** Each answer says `200 OK` once; the rest of a line may be to come. */
  #hear(text: string): void {
    const parts = (this.#answers + text).split(/^\d+ rsp \d+ 200 OK/m)
    this.#answers = parts.pop()!
    this.#answered += parts.length
    this.#onAnswer()
  }
}
