import { say, VonggacError } from '@vonggac/contract'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { startEngineProcess } from './start.ts'
import type { EngineOperations, EngineSettings, FromEngine, Operation, ToEngine } from './protocol.ts'

interface Pending {
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
  /** Stops the watch over time and signal. */
  readonly unwatch: () => void
}

/** When a question is given up; the engine is told to stop. */
export interface Bounds {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

const firstPauseMs = 200
const longestPauseMs = 30_000
/** How long a query waits for an engine that is being started. */
const patienceMs = 30_000
const pollMs = 20
/** How long a process must live for its death to be an accident and not a habit. */
const steadyMs = 60_000

/** The engine's process, started again when it dies: then every table is gone, and whoever asked gets `store-failed`. */
export class Engine {
  readonly #settings: EngineSettings
  #onStart: () => void = () => undefined
  readonly #pending = new Map<number, Pending>()
  #process: ChildProcess | undefined
  #nextId = 1
  #pauseMs = firstPauseMs
  #restart: NodeJS.Timeout | undefined
  #closed = false
  #ready = false

  constructor(settings: EngineSettings) {
    this.#settings = settings
  }

  /** `onStart` is called each time an empty engine is ready. */
  start(onStart: () => void): void {
    this.#onStart = onStart
    this.#start()
  }

  get ready(): boolean {
    return this.#ready
  }

  /** Throws `store-failed` when the engine is not ready for so long. */
  async whenReady(): Promise<void> {
    for (const start = Date.now(); !this.#ready; await pause(pollMs)) {
      if (!this.#closed && Date.now() - start < patienceMs) continue
      throw new VonggacError('store-failed', say('event-engine-down'))
    }
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Throws `store-failed` when the engine refuses, dies, or takes longer than `timeoutMs`, and the reason of the signal. */
  ask<O extends Operation>(
    operation: O,
    ask: EngineOperations[O]['ask'],
    { timeoutMs, signal }: Bounds = {},
  ): Promise<EngineOperations[O]['answer']> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const id = this.#nextId++
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#interrupt(id, tooLong(timeoutMs)), timeoutMs)
      const abort = () => this.#interrupt(id, signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      const unwatch = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      }
      this.#pending.set(id, { resolve, reject, unwatch })
      this.#send({ id, operation, ask } as ToEngine)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#restart)
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    if (child.connected) child.disconnect()
    const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(patience)
  }

  #start(): void {
    const child = startEngineProcess()
    const startedAt = Date.now()
    this.#process = child
    child.on('message', (message: FromEngine) => this.#settle(message))
    const died = (reason: string) => {
      if (this.#process !== child) return
      if (Date.now() - startedAt > steadyMs) this.#pauseMs = firstPauseMs
      this.#died(reason)
    }
    child.once('error', (error) => died(error.message))
    child.once('exit', (code, signal) => died(signal ?? `exit code ${code}`))
    this.ask('open', this.#settings).then(
      () => this.#opened(),
      () => child.kill('SIGKILL'),
    )
  }

  #opened(): void {
    this.#ready = true
    this.#onStart()
  }

  #died(reason: string): void {
    this.#ready = false
    this.#process = undefined
    const error = `the engine's process ended (${reason}); it is being started again`
    for (const id of this.#pending.keys()) this.#settle({ id, error })
    if (this.#closed) return
    this.#restart = setTimeout(() => this.#start(), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  #send(message: ToEngine): void {
    const child = this.#process
    if (child?.connected) child.send(message, (error) => error && this.#settle({ id: message.id, error: error.message }))
    else this.#settle({ id: message.id, error: 'the engine is being started again' })
  }

  #interrupt(id: number, reason: unknown): void {
    const pending = this.#take(id)
    if (pending === undefined) return
    pending.reject(reason)
    this.#send({ id, operation: 'interrupt' })
  }

  #settle({ id, answer, error }: FromEngine): void {
    const pending = this.#take(id)
    if (pending === undefined) return
    if (error === undefined) pending.resolve(answer as never)
    else pending.reject(cannotAnswer(error))
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    pending?.unwatch()
    return pending
  }
}

function cannotAnswer(error: string): VonggacError {
  return new VonggacError('store-failed', say('event-engine-failed', { reason: error }))
}

function tooLong(timeoutMs: number): VonggacError {
  return cannotAnswer(`the query took longer than ${Math.ceil(timeoutMs / 1000)} seconds. Narrow its time range or its conditions`)
}
