import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { Intake, Sender } from '../intake.ts'
import { ConnectedSources } from '../stream/connected.ts'
import type { StreamConnection } from '../stream/server.ts'
import { RelpError, relpFrame, RelpReader, type RelpFrame } from './frames.ts'

/** What is not answered yet: librelp's own window is 128. */
const mostUnanswered = 10_000
/** Of answers that the sender does not read. */
const mostUnreadBytes = 1024 * 1024
const offers = '200 OK\nrelp_version=0\nrelp_software=vonggac\ncommands=syslog'

interface Answer {
  readonly text: string
  /** To be durable before it is given; -1: nothing. */
  readonly position: number
}

/** One RELP session. Answers go in the order of their frames, each once what it answers for is durable. */
export class RelpConnection implements StreamConnection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #log: Logger
  readonly #reader: RelpReader
  readonly #sources: ConnectedSources
  #state: 'new' | 'open' | 'closing' = 'new'
  #answers: Answer[] = []
  #answering = false
  #receivedMs = 0

  constructor(socket: Socket, sender: Sender, maxFrameBytes: number, intake: Intake, log: Logger) {
    this.#socket = socket
    this.#sender = sender
    this.#intake = intake
    this.#log = log
    this.#sources = new ConnectedSources(intake)
    this.#reader = new RelpReader(maxFrameBytes, (frame) => this.#take(frame))
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('close', () => this.#sources.close())
  }

  /** What it has not answered, the sender sends again. */
  end(): void {
    this.#state = 'closing'
    this.#sources.close()
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closing') return
    this.#receivedMs = this.#intake.now()
    try {
      this.#reader.push(chunk)
    } catch (error) {
      if (!(error instanceof RelpError)) throw error
      this.#fail(error.message)
    }
    if (this.#intake.congested || this.#answers.length > mostUnanswered) this.#rest()
  }

  #rest(): void {
    this.#socket.pause()
    const last = this.#answers.findLast(({ position }) => position >= 0)
    void Promise.all([this.#intake.ready(), last && this.#intake.durable(last.position)]).then(() => this.#socket.resume())
  }

  #take({ transaction, command, data, oversize }: RelpFrame): void {
    if (this.#state === 'closing') return
    if (command === 'open') this.#open(transaction, data)
    else if (command === 'close') {
      this.#state = 'closing'
      this.#answer(relpFrame(transaction, 'rsp') + relpFrame(0, 'serverclose'))
    } else if (this.#state === 'new') throw new RelpError(`the command ${command} comes before open`)
    else if (command === 'syslog') this.#accept(transaction, data, oversize)
    else this.#answer(relpFrame(transaction, 'rsp', `500 the command ${command} is not offered`))
  }

  #open(transaction: number, data: Buffer): void {
    const said = new Map(data.toString('latin1').split('\n').map(offerOf))
    const commands = said.get('commands')?.split(',') ?? []
    if (this.#state === 'open') throw new RelpError('the session is open already')
    if (!commands.includes('syslog')) return this.#answer(relpFrame(transaction, 'rsp', '500 the command syslog is needed'))
    this.#state = 'open'
    this.#answer(relpFrame(transaction, 'rsp', offers))
  }

  #accept(transaction: number, data: Buffer, oversize: boolean): void {
    const bytes = withoutLineEnd(data)
    const ok = relpFrame(transaction, 'rsp', '200 OK')
    if (bytes.length === 0) return this.#answer(ok)
    const { source, position } = this.#intake.acceptFrom(this.#sender, bytes, oversize ? frameFlags.oversize : 0, this.#receivedMs)
    if (position < 0) return this.#close()
    this.#sources.add(source)
    this.#answer(ok, position)
  }

  #answer(text: string, position = -1): void {
    this.#answers.push({ text, position })
    if (!this.#answering) void this.#giveAnswers()
  }

  async #giveAnswers(): Promise<void> {
    this.#answering = true
    // Frames of one chunk are answered together.
    await new Promise(setImmediate)
    while (this.#answers.length > 0) {
      const answers = this.#answers
      this.#answers = []
      await this.#intake.durable(answers.reduce((last, { position }) => Math.max(last, position), -1))
      if (this.#socket.destroyed) return
      this.#socket.write(answers.map(({ text }) => text).join(''))
      if (this.#socket.writableLength > mostUnreadBytes) this.#fail('the answers are not read')
    }
    this.#answering = false
    if (this.#state === 'closing') this.#socket.destroySoon()
  }

  /** Without an answer: what was not answered is sent again, in a session that begins anew. */
  #fail(reason: string): void {
    this.#log.warn({ peer: this.#sender.peer, reason }, 'a RELP session is ended')
    this.#intake.drop('relp', 'protocol-error')
    this.#close()
  }

  #close(): void {
    this.#state = 'closing'
    this.#answer(relpFrame(0, 'serverclose'))
  }
}

function offerOf(line: string): [name: string, value: string] {
  const sign = line.indexOf('=')
  return sign < 0 ? [line, ''] : [line.slice(0, sign), line.slice(sign + 1)]
}

function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13 || bytes[end - 1] === 0)) end--
  return bytes.subarray(0, end)
}
