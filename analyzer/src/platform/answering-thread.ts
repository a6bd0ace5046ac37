import { Worker } from 'node:worker_threads'
import { VonggacError } from '@vonggac/contract'

export interface ThreadOptions<Request> {
  /** What people call it: `detection thread`. */
  readonly name: string
  readonly start: () => Worker
  /** What a fresh thread is told first, where it must be told something. */
  readonly greeting?: () => Request
  /** Told when the thread died and is started again. */
  readonly onRestart?: ((cause: Error) => void) | undefined
}

/** A thread that died before it could answer anything would die again at once. */
const pauseMs = 1_000

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  /** How long the thread may take from the answer before. */
  readonly limitMs: number | undefined
}

/** The thread ended with the request. `guilty`: it was at this request, not one before it. */
export class ThreadEnded extends VonggacError {
  readonly guilty: boolean

  constructor(name: string, cause: Error, guilty: boolean) {
    super('busy', `The ${name} was interrupted: ${cause.message}. Repeat the request.`, { cause })
    this.guilty = guilty
  }
}

/**
 * A thread as its users see it: requests are answered in order, so a queue of who waits is all that ties an answer to its request.
 * A thread that dies takes its requests with it (`busy`: their senders repeat them) and is started again.
 */
export class AnsweringThread<Request, Answer> {
  readonly #options: ThreadOptions<Request>
  #worker: Worker | undefined
  #waiting: Waiting<Answer>[] = []
  #pause: NodeJS.Timeout | undefined
  #limit: NodeJS.Timeout | undefined
  #overdue: Error | undefined
  #closed = false

  constructor(options: ThreadOptions<Request>) {
    this.#options = options
    this.#worker = this.#start()
  }

  /** Throws ThreadEnded when the thread dies before it answers; one that takes longer than `limitMs` is ended. */
  ask(request: Request, transfer: ArrayBuffer[] = [], limitMs?: number): Promise<Answer> {
    const worker = this.#worker
    if (this.#closed || !worker) {
      const { name } = this.#options
      const detail = this.#closed ? `The ${name} is shutting down.` : `The ${name} is being started again; repeat the request.`
      return Promise.reject(new VonggacError('busy', detail))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, limitMs })
      if (this.#waiting.length === 1) this.#watch()
      worker.postMessage(request, transfer)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#pause)
    clearTimeout(this.#limit)
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = this.#options.start()
    let answered = false
    let cause: Error | undefined
    worker.on('message', (answer: Answer) => {
      answered = true
      this.#waiting.shift()?.resolve(answer)
      this.#watch()
    })
    worker.on('error', (error) => {
      cause = error as Error
    })
    worker.on('exit', (code) => {
      const ended = cause ?? this.#overdue ?? new Error(`the ${this.#options.name} ended with code ${code}`)
      this.#ended(ended, answered ? 0 : pauseMs)
    })
    return worker
  }

  /** Times the request that the thread is at. */
  #watch(): void {
    clearTimeout(this.#limit)
    const limitMs = this.#waiting[0]?.limitMs
    if (limitMs === undefined) return
    this.#limit = setTimeout(() => {
      this.#overdue = new Error(`the ${this.#options.name} took longer than ${limitMs / 1_000} s and was ended`)
      void this.#worker?.terminate()
    }, limitMs)
  }

  #ended(cause: Error, pause: number): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#worker = undefined
    this.#overdue = undefined
    clearTimeout(this.#limit)
    for (const [index, { reject }] of waiting.entries()) reject(new ThreadEnded(this.#options.name, cause, index === 0))
    if (this.#closed) return
    this.#options.onRestart?.(cause)
    this.#pause = setTimeout(() => this.#restart(), pause)
  }

  #restart(): void {
    const { greeting } = this.#options
    this.#worker = this.#start()
    // Should it fail, the thread's end has been told already.
    if (greeting) this.ask(greeting()).catch(() => {})
  }
}

/** A thread of the module of this name beside the caller's: what is built of it or, in tests and tools, its source. */
export function startThread(name: string, callerUrl: string): Worker {
  if (!callerUrl.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, callerUrl))
  const workerData = new URL(`./${name}.ts`, callerUrl).href
  return new Worker(new URL('./thread-from-source.mjs', import.meta.url), { workerData, execArgv: ['--conditions=vonggac-source'] })
}

/** Bytes to be transferred. A view of a part of a buffer, such as Node's pool, cannot go without its neighbours: it is copied. */
export function wholeBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = bytes.constructor === Uint8Array && bytes.byteLength === bytes.buffer.byteLength
  return whole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}
