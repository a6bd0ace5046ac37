import type { Socket } from 'node:net'
import { createInflate } from 'node:zlib'
import type { Logger } from 'pino'
import { frameFlags, unknownSource } from '../../frame.ts'
import type { Intake, Sender } from '../intake.ts'
import type { NamedFrame, RepeatGuard } from '../repeats/index.ts'
import { ConnectedSources } from '../stream/connected.ts'
import type { StreamConnection } from '../stream/server.ts'
import { Answers } from './answers.ts'
import { LumberjackError, LumberjackReader, type LumberjackFrame, type LumberjackLimits } from './frames.ts'
import { nameOf } from './names.ts'

export interface LumberjackBounds extends LumberjackLimits {
  /** What a packed frame may unpack to. */
  readonly unpackedBytes: number
}

/** For the last answers, when the collector stops. */
const patienceAtStopMs = 2_000
/** Taken in one go, and answered for as a part of their window. */
const [mostAtOnce, mostBytesAtOnce] = [250, 1024 * 1024]

type Event = Extract<LumberjackFrame, { kind: 'event' }>

/** A connection of a Beat or of Logstash: windows of events, answered in their order. */
export class LumberjackConnection implements StreamConnection {
  readonly #socket: Socket
  readonly #sender: Sender
  readonly #bounds: LumberjackBounds
  readonly #intake: Intake
  readonly #guard: RepeatGuard
  readonly #log: Logger
  readonly #sources: ConnectedSources
  readonly #answers: Answers
  /** Events of the window that are to come. */
  #toCome = 0
  #events: Event[] = []
  #bytes = 0
  #ended = false

  constructor(socket: Socket, sender: Sender, bounds: LumberjackBounds, parts: { intake: Intake; guard: RepeatGuard; log: Logger }) {
    this.#socket = socket
    this.#sender = sender
    this.#bounds = bounds
    this.#intake = parts.intake
    this.#guard = parts.guard
    this.#log = parts.log
    this.#sources = new ConnectedSources(parts.intake)
    this.#answers = new Answers(socket, parts.guard)
    void this.#run()
  }

  /** What was taken is answered for, if it becomes durable soon; the sender sends the rest again. */
  end(): void {
    this.#ended = true
    const leave = () => this.#socket.destroy()
    const timer = setTimeout(leave, patienceAtStopMs)
    this.#socket.once('close', () => clearTimeout(timer))
    void this.#answers.settle().then(leave, leave)
  }

  async #run(): Promise<void> {
    const reader = new LumberjackReader(this.#bounds)
    try {
      for await (const piece of this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        for (const frame of reader.read(piece)) await this.#take(frame)
        await this.#flush()
        if (this.#ended) break
      }
      await this.#answers.settle()
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException)
    } finally {
      this.#answers.close()
      this.#sources.close()
      this.#socket.destroy()
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    const isTheirs = error instanceof LumberjackError || error.code?.startsWith('Z_') === true
    if (!isTheirs) return this.#log.debug({ peer: this.#sender.peer, error: error.message }, 'a Lumberjack connection failed')
    this.#intake.drop('lumberjack', 'protocol-error')
    this.#log.warn({ peer: this.#sender.peer, reason: error.message }, 'a Lumberjack connection is ended')
  }

  async #take(frame: LumberjackFrame): Promise<void> {
    if (this.#ended) return
    if (frame.kind === 'packed') return this.#unpack(frame.data)
    if (frame.kind === 'window') {
      if (this.#toCome > 0) throw new LumberjackError(`a window begins while ${this.#toCome} events of the one before are to come`)
      this.#toCome = frame.count
      return
    }
    if (this.#toCome === 0) throw new LumberjackError('an event comes that no window announces')
    this.#toCome--
    this.#answers.owe()
    this.#events.push(frame)
    this.#bytes += frame.data.length
    if (this.#toCome === 0 || this.#events.length >= mostAtOnce || this.#bytes >= mostBytesAtOnce) await this.#flush()
  }

  async #unpack(data: Buffer): Promise<void> {
    const reader = new LumberjackReader(this.#bounds)
    const inflate = createInflate()
    let unpacked = 0
    inflate.end(data)
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      unpacked += piece.length
      if (unpacked > this.#bounds.unpackedBytes)
        throw new LumberjackError(`a packed frame unpacks to more than ${this.#bounds.unpackedBytes} bytes`)
      for (const frame of reader.read(piece)) {
        if (frame.kind === 'packed') throw new LumberjackError('a packed frame holds another')
        await this.#take(frame)
      }
    }
    if (reader.isWithinFrame) throw new LumberjackError('a packed frame ends within an event')
  }

  async #flush(): Promise<void> {
    const events = this.#events
    const last = events.at(-1)
    if (!last) return
    this.#events = []
    this.#bytes = 0
    if (this.#intake.congested) await this.#intake.ready()
    if (this.#ended) return
    const receivedMs = this.#intake.now()
    const frames = events.map((event) => this.#frameOf(event, receivedMs))
    const paused = frames.find(({ frame }) => this.#intake.isPaused(frame.source))
    if (paused) {
      // The sender keeps what is not answered.
      for (const _ of frames) this.#intake.refuse(paused.frame.source, 'paused')
      return this.end()
    }
    for (const { frame } of frames) this.#sources.add(frame.source)
    await this.#answers.give(last.sequence, this.#guard.accept(frames))
  }

  #frameOf({ data, oversize }: Event, receivedMs: number): NamedFrame {
    const source = this.#intake.sourceOf(this.#sender, data)
    const event = oversize ? undefined : parse(data)
    const flags =
      (oversize ? frameFlags.oversize : event ? 0 : frameFlags.badJson) | (source === unknownSource ? frameFlags.unknownSource : 0)
    const frame = { receivedMs, source, peer: this.#sender.peer, flags, bytes: data }
    return { frame, name: event && nameOf(source, event) }
  }
}

function parse(data: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
