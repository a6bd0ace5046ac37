import { Worker } from 'node:worker_threads'
import { VonggacError } from '@vonggac/contract'
import type { Answer, Request } from './worker.ts'

export interface ThreadOptions {
  /** What a fresh thread is told first. */
  readonly greeting: () => Request
  /** Told when the thread died and is started again. */
  readonly onRestart?: ((cause: Error) => void) | undefined
  readonly start?: (() => Worker) | undefined
}

/** A thread that died before it could answer anything would die again at once. */
const pauseMs = 1_000

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  /** How long the thread may take from the answer before. */
  readonly limitMs: number | undefined
}

/** The thread ended with the request. `guilty`: it was at this request, not one before it. */
export class ThreadEnded extends VonggacError {
  readonly guilty: boolean

  constructor(cause: Error, guilty: boolean) {
    super('busy', `Detection was interrupted: ${cause.message}. Repeat the request.`, { cause })
    this.guilty = guilty
  }
}

/**
 * The detection thread as its users see it: requests are answered in order, so a queue of who waits is all that ties an answer to its request.
 * A thread that dies takes its requests with it (`busy`: their senders repeat them) and is started again.
 */
export class DetectionThread {
  readonly #options: ThreadOptions
  #worker: Worker | undefined
  #waiting: Waiting[] = []
  #pause: NodeJS.Timeout | undefined
  #limit: NodeJS.Timeout | undefined
  #overdue: Error | undefined
  #closed = false

  constructor(options: ThreadOptions) {
    this.#options = options
    this.#worker = this.#start()
  }

  /** Throws ThreadEnded when the thread dies before it answers; one that takes longer than `limitMs` is ended. */
  ask(request: Request, transfer: ArrayBuffer[] = [], limitMs?: number): Promise<Answer> {
    const worker = this.#worker
    if (this.#closed || !worker) {
      const detail = this.#closed ? 'Detection is shutting down.' : 'The detection thread is being started again; repeat the request.'
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
    const worker = (this.#options.start ?? startWorker)()
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
      const ended = cause ?? this.#overdue ?? new Error(`the detection thread ended with code ${code}`)
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
      this.#overdue = new Error(`the detection thread took longer than ${limitMs / 1_000} s and was ended`)
      void this.#worker?.terminate()
    }, limitMs)
  }

  #ended(cause: Error, pause: number): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#worker = undefined
    this.#overdue = undefined
    clearTimeout(this.#limit)
    for (const [index, { reject }] of waiting.entries()) reject(new ThreadEnded(cause, index === 0))
    if (this.#closed) return
    this.#options.onRestart?.(cause)
    this.#pause = setTimeout(() => this.#restart(), pause)
  }

  #restart(): void {
    this.#worker = this.#start()
    // Should it fail, the thread's end has been told already.
    this.ask(this.#options.greeting()).catch(() => {})
  }
}

const fromSource = import.meta.url.endsWith('.ts')

function startWorker(): Worker {
  return fromSource
    ? new Worker(new URL('./worker-from-source.mjs', import.meta.url), { execArgv: ['--conditions=vonggac-source'] })
    : new Worker(new URL('./worker.js', import.meta.url))
}
