import type { CollectorCounters } from '@vonggac/contract'
import type { Logger } from 'pino'
import type { Link } from './link.ts'

const everyMilliseconds = 2_000

export interface ReporterParts {
  readonly link: Link
  readonly log: Logger
  readonly read: () => CollectorCounters
  /** Told which assignment the analyzer has, after each report. */
  readonly follow: (version: string, signal: AbortSignal) => Promise<void>
  /** Makes the totals durable. */
  readonly save: () => Promise<void>
}

/** Tells the analyzer the totals every two seconds, and saves them. A report that fails is not repeated: the next one holds more. */
export class Reporter {
  readonly #parts: ReporterParts
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(parts: ReporterParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => this.#turn(), everyMilliseconds)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#abort.abort()
    await this.#running
  }

  #turn(): void {
    this.#running ??= this.#report().finally(() => (this.#running = undefined))
  }

  async #report(): Promise<void> {
    const { link, log, read, save, follow } = this.#parts
    await save().catch((error: unknown) => log.error({ error }, 'the totals cannot be saved'))
    const { signal } = this.#abort
    try {
      const { assignment } = await link.sendCounters(read(), signal)
      await follow(assignment, signal)
    } catch (error) {
      log.debug({ reason: (error as Error).message }, 'the totals were not reported')
    }
  }
}
