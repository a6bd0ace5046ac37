import type { Socket } from 'node:net'
import type { RepeatGuard, Taken } from '../repeats/index.ts'
import { acknowledgement } from './frames.ts'

/** Beats give a connection up after 30 seconds without an answer, by default. */
const keepAliveMs = 5_000
/** Of answers that the sender does not read. */
const mostUnreadBytes = 1024 * 1024
/** Answers that wait for the disk; with more, no more is read. */
const mostWaiting = 64

/** The answers of a connection, in the order of what they answer for, each once that is durable. Meanwhile, an answer of 0 says that it is under way. */
export class Answers {
  readonly #socket: Socket
  readonly #guard: RepeatGuard
  readonly #timer: NodeJS.Timeout
  /** Events that have come and are not answered. */
  #owed = 0
  #last: Promise<void> = Promise.resolve()
  readonly #waiting: Promise<void>[] = []

  constructor(socket: Socket, guard: RepeatGuard) {
    this.#socket = socket
    this.#guard = guard
    this.#timer = setInterval(() => this.#owed > 0 && this.#write(0), keepAliveMs)
    this.#timer.unref()
  }

  /** An event has come. */
  owe(): void {
    this.#owed++
  }

  /** Answers with `sequence` when all that was taken is durable. Resolves when there is room for more. */
  async give(sequence: number, taken: readonly Taken[]): Promise<void> {
    this.#last = this.#giveAfter(this.#last, this.#guard.durable(taken), sequence, taken.length)
    this.#waiting.push(this.#last)
    if (this.#waiting.length > mostWaiting) await this.#waiting[0]
  }

  /** Resolves when all answers are given. */
  async settle(): Promise<void> {
    await this.#last
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #giveAfter(before: Promise<void>, durable: Promise<void>, sequence: number, events: number): Promise<void> {
    await Promise.all([before, durable])
    void this.#waiting.shift()
    this.#write(sequence)
    this.#owed -= events
    this.#timer.refresh()
  }

  #write(sequence: number): void {
    if (this.#socket.destroyed) return
    this.#socket.write(acknowledgement(sequence))
    if (this.#socket.writableLength > mostUnreadBytes) this.#socket.destroy()
  }
}
