import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { batchLimits, type Assignment } from '@vonggac/contract'
import type { FrameParser, ParsedBatch, ParseRequest } from '../parsing/index.ts'
import { SpareMemory } from './memory.ts'
import type { Answer, Order, ParseAnswer, ParseOrder, ThreadSetup } from './protocol.ts'

export interface ParsingThreadsOptions {
  /** By default one less than the machine has cores, at least one and at most four: the first core receives and journals. */
  readonly count?: number
  /** A thread died; it is started again, and what it was at is asked for again by whoever forwards. */
  readonly onDeath?: (cause: Error) => void
  /** A file that events are enriched from cannot be used. Told once, though every thread finds it out. */
  readonly onTrouble?: (message: string) => void
  readonly start?: (setup: ThreadSetup) => Worker
}

/** More than the forwarder asks for at once. */
const framesBytes = 4 * 1024 * 1024
/** With room for the line that would be too much. */
const eventsBytes = batchLimits.bytes + 128 * 1024

interface Waiting {
  readonly resolve: (batch: ParsedBatch | undefined) => void
  readonly reject: (error: Error) => void
}

/** Parsing on threads of its own: receiving and journaling, above all of UDP, must not wait for it. */
export class ParsingThreads implements FrameParser {
  readonly count: number
  readonly #options: ParsingThreadsOptions
  readonly #threads: Thread[]
  readonly #frames = new SpareMemory(framesBytes)
  readonly #events = new SpareMemory(eventsBytes)
  #setup: ThreadSetup
  #told: ReadonlySet<string> = new Set()
  #closed = false

  constructor(setup: ThreadSetup, options: ParsingThreadsOptions = {}) {
    this.#setup = setup
    this.#options = options
    this.count = options.count ?? Math.min(4, Math.max(1, availableParallelism() - 1))
    this.#threads = Array.from({ length: this.count }, () => this.#start())
  }

  /** @throws Error when the thread fails or dies over it */
  parse(request: ParseRequest): Promise<ParsedBatch | undefined> {
    const idlest = this.#threads.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best))
    return new Promise((resolve, reject) => {
      idlest.waiting.push({ resolve, reject })
      idlest.worker.postMessage({ parse: this.#order(request) } satisfies Order)
    })
  }

  assign(assignment: Assignment): void {
    this.#setup = { ...this.#setup, assignment }
    for (const { worker } of this.#threads) worker.postMessage({ assign: assignment } satisfies Order)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #start(): Thread {
    const thread: Thread = { worker: (this.#options.start ?? startWorker)(this.#setup), waiting: [] }
    let cause: Error | undefined
    thread.worker.on('message', (answer: Answer) => {
      if ('trouble' in answer) this.#tell(answer.trouble)
      else this.#settle(thread.waiting.shift(), answer)
    })
    thread.worker.on('error', (error) => (cause = error as Error))
    thread.worker.on('exit', (code) => this.#ended(thread, cause ?? new Error(`a parsing thread ended with code ${code}`)))
    return thread
  }

  /** The groups are copied into memory that the thread can have, and that comes back. */
  #order({ groups, ...range }: ParseRequest): ParseOrder {
    const frames = this.#frames.take(groups.reduce((sum, { payload }) => sum + payload.length, 0))
    const target = new Uint8Array(frames)
    let at = 0
    for (const { payload } of groups) {
      target.set(payload, at)
      at += payload.length
    }
    const lengths = groups.map(({ first, count, payload }) => ({ first, count, bytes: payload.length }))
    return { range, groups: lengths, frames, events: this.#events.take() }
  }

  #settle(waiting: Waiting | undefined, { frames, events, batch, failed }: ParseAnswer): void {
    this.#frames.give(frames)
    const release = () => events instanceof SharedArrayBuffer && this.#events.give(events)
    if (batch) return waiting?.resolve({ ...batch, bytes: Buffer.from(events, 0, batch.bytes), release })
    release()
    if (failed === undefined) waiting?.resolve(undefined)
    else waiting?.reject(new Error(failed))
  }

  #tell(trouble: readonly string[]): void {
    for (const message of trouble) if (!this.#told.has(message)) this.#options.onTrouble?.(message)
    this.#told = new Set(trouble)
  }

  #ended(thread: Thread, cause: Error): void {
    if (!this.#closed) {
      this.#options.onDeath?.(cause)
      this.#threads[this.#threads.indexOf(thread)] = this.#start()
    }
    for (const { reject } of thread.waiting) reject(cause)
  }
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Waiting[]
}

const fromSource = import.meta.url.endsWith('.ts')

function startWorker(setup: ThreadSetup): Worker {
  return fromSource
    ? new Worker(new URL('./worker-from-source.mjs', import.meta.url), { workerData: setup, execArgv: ['--conditions=vonggac-source'] })
    : new Worker(new URL('./worker.js', import.meta.url), { workerData: setup })
}
