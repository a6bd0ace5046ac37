import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { Intake, Sender } from '../intake.ts'
import { frameName } from '../repeats/index.ts'
import { ConnectedSources } from '../stream/connected.ts'
import type { StreamConnection } from '../stream/server.ts'
import { RelpError, relpFrame, RelpReader, type RelpFrame } from './frames.ts'
import type { UnansweredFrames } from './unanswered.ts'

/** What is not answered yet: librelp's own window is 128. */
const mostUnanswered = 10_000
/** Of answers that the sender does not read. */
const mostUnreadBytes = 1024 * 1024
/** For the last answers, when the collector stops. */
const patienceAtStopMs = 2_000
const offers = '200 OK\nrelp_version=0\nrelp_software=vonggac\ncommands=syslog'

interface Answer {
  readonly text: string
  /** To be durable before it is given; -1: nothing. */
  readonly position: number
  /** Of the frame that it answers for. */
  readonly name?: string
}

/** One RELP session. Answers go in the order of their frames, each once what it answers for is durable. */
export class RelpConnection implements StreamConnection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #intake: Intake
  readonly #log: Logger
  readonly #reader: RelpReader
  readonly #sources: ConnectedSources
  readonly #unanswered: UnansweredFrames
  #state: 'new' | 'open' | 'closing' = 'new'
  /** Not given yet. */
  readonly #answers: Answer[] = []
  #answering = false
  #receivedMs = 0

  constructor(socket: Socket, sender: Sender, maxFrameBytes: number, parts: { intake: Intake; unanswered: UnansweredFrames; log: Logger }) {
    const { intake, unanswered, log } = parts
    this.#socket = socket
    this.#sender = sender
    this.#intake = intake
    this.#unanswered = unanswered
    this.#log = log
    this.#sources = new ConnectedSources(intake)
    this.#reader = new RelpReader(maxFrameBytes, (frame) => this.#take(frame))
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('close', () => {
      this.#sources.close()
      this.#unanswered.keep(this.#answers)
    })
  }

  /** What was taken is answered for, if it becomes durable soon; the sender sends the rest again. */
  end(): void {
    this.#close()
    const timer = setTimeout(() => this.#socket.destroy(), patienceAtStopMs)
    this.#socket.once('close', () => clearTimeout(timer))
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
      this.#say(relpFrame(transaction, 'rsp') + relpFrame(0, 'serverclose'))
    } else if (this.#state === 'new') throw new RelpError(`the command ${command} comes before open`)
    else if (command === 'syslog') this.#accept(transaction, data, oversize)
    else this.#say(relpFrame(transaction, 'rsp', `500 the command ${command} is not offered`))
  }

  #open(transaction: number, data: Buffer): void {
    const said = new Map(data.toString('latin1').split('\n').map(offerOf))
    const commands = said.get('commands')?.split(',') ?? []
    if (this.#state === 'open') throw new RelpError('the session is open already')
    if (!commands.includes('syslog')) return this.#say(relpFrame(transaction, 'rsp', '500 the command syslog is needed'))
    this.#state = 'open'
    this.#say(relpFrame(transaction, 'rsp', offers))
  }

  #accept(transaction: number, data: Buffer, oversize: boolean): void {
    const bytes = withoutLineEnd(data)
    const ok = relpFrame(transaction, 'rsp', '200 OK')
    if (bytes.length === 0) return this.#say(ok)
    const { certificate, peer } = this.#sender
    const name = frameName(certificate ?? peer, bytes)
    const before = this.#unanswered.take(name)
    if (before !== undefined) return this.#answer({ text: ok, position: before, name })
    const { source, position } = this.#intake.acceptFrom(this.#sender, bytes, oversize ? frameFlags.oversize : 0, this.#receivedMs)
    if (position < 0) return this.#close()
    this.#sources.add(source)
    this.#answer({ text: ok, position, name })
  }

  #say(text: string): void {
    this.#answer({ text, position: -1 })
  }

  #answer(answer: Answer): void {
    this.#answers.push(answer)
    if (!this.#answering) void this.#giveAnswers()
  }

  async #giveAnswers(): Promise<void> {
    this.#answering = true
    // Frames of one chunk are answered together.
    await new Promise(setImmediate)
    while (this.#answers.length > 0) {
      const waiting = this.#answers.length
      await this.#intake.durable(this.#answers.reduce((last, { position }) => Math.max(last, position), -1))
      if (this.#socket.destroyed) return
      const given = this.#answers.splice(0, waiting)
      this.#socket.write(given.map(({ text }) => text).join(''))
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
    this.#say(relpFrame(0, 'serverclose'))
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
