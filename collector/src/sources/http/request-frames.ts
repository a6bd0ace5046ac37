import type { ServerResponse } from 'node:http'
import { frameName, type NamedFrame, type RepeatGuard, type Taken } from '../repeats/index.ts'
import type { Exchange } from './exchange.ts'

/** A sender that heard nothing tries again within it. */
const keptMs = 10 * 60_000
const mostKept = 1_000

/** Takes the frames of one request; of one that came already, and whose answer its sender never saw, none. */
export class RequestFrames {
  readonly #guard: RepeatGuard
  readonly #before: number | undefined
  #last = -1
  #isDurable = false
  #settle: (last: number | undefined) => void = () => {}
  /** The position of the last frame, when all are durable; `undefined` when they never will be. */
  readonly settled = new Promise<number | undefined>((resolve) => (this.#settle = resolve))

  constructor(guard: RepeatGuard, before?: number) {
    this.#guard = guard
    this.#before = before
    if (before !== undefined) this.#last = before
  }

  /** All in one go, as `RepeatGuard` takes them. */
  accept(frames: readonly NamedFrame[]): readonly Taken[] {
    const before = this.#before
    if (before !== undefined) return frames.map(() => ({ position: before, repeat: false }))
    const taken = this.#guard.accept(frames)
    for (const { position } of taken) this.#last = Math.max(this.#last, position)
    return taken
  }

  /** Resolves when all that was accepted may be acknowledged. */
  async durable(): Promise<void> {
    await this.#guard.durable([{ position: this.#last, repeat: false }])
    this.#isDurable = true
  }

  /** The work on the request is over, well or not. */
  end(): void {
    this.#settle(this.#isDurable ? this.#last : undefined)
  }
}

/**
 * Requests whose answers never went out, because the connection broke before: their senders send them again, byte for byte. The next that equals one
 * is given the answer to it and is taken for it, once: so at least as many are kept as were answered. They are known by digests, in memory, within bounds.
 */
export class UnseenRequests {
  readonly #guard: RepeatGuard
  readonly #now: () => number
  /** In the order in which they broke off. */
  readonly #kept = new Map<string, { readonly brokeMs: number; readonly settled: Promise<number | undefined> }>()

  constructor(guard: RepeatGuard, now: () => number) {
    this.#guard = guard
    this.#now = now
  }

  /** For the frames of a request; waits for the work on the request that it repeats, if it does. */
  async framesOf({ request, response }: Exchange, source: string, body: Buffer): Promise<RequestFrames> {
    const name = () => frameName(source, request.url ?? '', request.headers['content-type'] ?? '', body)
    const before = this.#kept.size > 0 ? await this.#take(name()) : undefined
    const frames = new RequestFrames(this.#guard, before)
    whenUnseen(response, () => this.#keep(name(), frames.settled))
    return frames
  }

  #take(name: string): Promise<number | undefined> | undefined {
    const kept = this.#kept.get(name)
    this.#kept.delete(name)
    return kept && this.#now() - kept.brokeMs < keptMs ? kept.settled : undefined
  }

  #keep(name: string, settled: Promise<number | undefined>): void {
    this.#kept.delete(name)
    this.#kept.set(name, { brokeMs: this.#now(), settled })
    for (const [oldest, { brokeMs }] of this.#kept) {
      if (this.#kept.size <= mostKept && this.#now() - brokeMs < keptMs) return
      this.#kept.delete(oldest)
    }
  }
}

/** Calls when the connection ends before the answer has been handed to it. */
function whenUnseen(response: ServerResponse, call: () => void): void {
  if (response.destroyed) call()
  else response.once('close', () => response.writableFinished || call())
}
