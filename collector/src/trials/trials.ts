import { setTimeout as sleep } from 'node:timers/promises'
import type { TrialAnswer, TrialOrder } from '@vonggac/contract'
import type { Logger } from 'pino'

export interface TrialsParts {
  readonly log: Logger
  /** Waits for an order; undefined when there is none for now. */
  readonly take: (signal: AbortSignal) => Promise<TrialOrder | undefined>
  readonly answer: (id: string, answer: TrialAnswer, signal: AbortSignal) => Promise<void>
  readonly run: (order: TrialOrder) => Promise<TrialAnswer>
  /** After a request that failed: the analyzer is away. */
  readonly pauseMs?: number
}

/** Asks the analyzer for parsers to try out, one after the other, as long as the collector runs. */
export class Trials {
  readonly #parts: TrialsParts
  readonly #abort = new AbortController()
  #running: Promise<void> | undefined

  constructor(parts: TrialsParts) {
    this.#parts = parts
  }

  start(): void {
    this.#running = this.#loop()
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  async #loop(): Promise<void> {
    const { log, pauseMs = 2_000 } = this.#parts
    const { signal } = this.#abort
    while (!signal.aborted) {
      try {
        await this.#turn(signal)
      } catch (error) {
        if (signal.aborted) return
        log.debug({ reason: (error as Error).message }, 'the analyzer cannot be asked for parsers to try out')
        await sleep(pauseMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { take, answer, run } = this.#parts
    const order = await take(signal)
    if (order) await answer(order.id, await run(order), signal)
  }
}
