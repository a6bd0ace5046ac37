import { randomUUID } from 'node:crypto'
import type { DocumentStore } from '../storage/document-store.ts'
import type { HuntRunner } from './hunts/run.ts'
import type { RetroRunner } from './retro/runner.ts'

/** A holder that died is missed for so long. Should one that lives lose the lease at long work, the versions of what it writes keep it from doing harm. */
const leaseMs = 30_000

/** What of hunting runs by itself, on one of all analyzers at a time. */
export class HuntingSchedule {
  readonly #documents: DocumentStore
  readonly #hunts: HuntRunner
  readonly #retro: RetroRunner
  readonly #holder = randomUUID()
  #history: Promise<void> | undefined
  #ticking: Promise<void> = Promise.resolve()
  #closed = false

  constructor(documents: DocumentStore, hunts: HuntRunner, retro: RetroRunner) {
    this.#documents = documents
    this.#hunts = hunts
    this.#retro = retro
  }

  /** Runs what is due; resolves when scheduled hunts are done, runs over history go on by themselves. To be called every few seconds. */
  tick(): Promise<void> {
    const tick = this.#tick()
    this.#ticking = tick.catch(() => {})
    return tick
  }

  async #tick(): Promise<void> {
    if (!(await this.#holdsLease())) return
    this.wake()
    while (!this.#closed && (await this.#hunts.runDue())) await this.#holdsLease()
  }

  /** Goes on with runs over history, if there are any and nobody else does. */
  wake(): void {
    this.#history ??= this.#lookBack().finally(() => (this.#history = undefined))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#retro.interrupt()
    await Promise.all([this.#history, this.#ticking])
  }

  async #lookBack(): Promise<void> {
    try {
      while (!this.#closed && (await this.#holdsLease()) && (await this.#retro.step()));
    } catch {
      // The document store does not answer: the next tick tries again.
    } finally {
      await this.#retro.rest()
    }
  }

  async #holdsLease(): Promise<boolean> {
    return !this.#closed && (await this.#documents.lease('hunting', this.#holder, leaseMs)) !== undefined
  }
}
