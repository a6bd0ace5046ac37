import { randomUUID } from 'node:crypto'
import { say, trialLimits, VonggacError, type TrialAnswer, type TrialOrder, type TrialResult } from '@vonggac/contract'

/** A trial before it has an id. */
export type Trial = TrialOrder extends infer Order ? (Order extends TrialOrder ? Omit<Order, 'id'> : never) : never

interface Waiting {
  readonly order: TrialOrder
  readonly settle: (answer: TrialAnswer) => void
}

const mostWaiting = 20
/** A collector that asked within this time is connected: between two of its requests it is at a trial. */
const connectedMs = (trialLimits.pollSeconds + trialLimits.seconds) * 1_000
/** From the order to the answer, another's trial before it counted in. */
const patienceMs = 2 * trialLimits.seconds * 1_000

/**
 * Where people who try a parser out and collectors, which alone can run one, meet (contract: link.ts). Orders are given out once: one whose collector dies over it
 * is answered with `busy` when its time is over.
 */
export class TrialDesk {
  readonly #now: () => number
  readonly #orders: Waiting[] = []
  readonly #underWay = new Map<string, Waiting>()
  readonly #collectors = new Set<(order: TrialOrder | undefined) => void>()
  #lastAsked = -Infinity

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get connected(): boolean {
    return this.#collectors.size > 0 || this.#now() - this.#lastAsked < connectedMs
  }

  /** The best result first. Throws `busy` where no collector is connected or answers in time. */
  async run(trial: Trial): Promise<readonly TrialResult[]> {
    if (!this.connected) throw new VonggacError('busy', say('trial-no-collector'))
    if (this.#orders.length + this.#underWay.size >= mostWaiting) throw new VonggacError('busy', say('trials-many'))
    const order = { ...trial, id: randomUUID() } as TrialOrder
    const { results, failed } = await new Promise<TrialAnswer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#forget(waiting)
        reject(new VonggacError('busy', say('trial-too-slow')))
      }, patienceMs)
      const settle = (answer: TrialAnswer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      const waiting: Waiting = { order, settle }
      this.#orders.push(waiting)
      this.#handOut()
    })
    if (failed !== undefined) throw new VonggacError('invalid-request', failed)
    return results
  }

  /** A collector asks for work: the next order, or undefined when there is none for a while or the signal says that it is gone. */
  next(signal: AbortSignal): Promise<TrialOrder | undefined> {
    this.#lastAsked = this.#now()
    return new Promise((resolve) => {
      const done = (order: TrialOrder | undefined) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', gone)
        this.#collectors.delete(done)
        this.#lastAsked = this.#now()
        resolve(order)
      }
      const gone = () => done(undefined)
      const timer = setTimeout(gone, trialLimits.pollSeconds * 1_000)
      if (signal.aborted) return gone()
      signal.addEventListener('abort', gone)
      this.#collectors.add(done)
      this.#handOut()
    })
  }

  /** An answer that comes too late, or to nothing, is nobody's. */
  answer(id: string, answer: TrialAnswer): void {
    const waiting = this.#underWay.get(id)
    this.#underWay.delete(id)
    waiting?.settle(answer)
  }

  /** Collectors that wait are told that there is nothing, so that the door can close. */
  close(): void {
    for (const done of this.#collectors) done(undefined)
  }

  #handOut(): void {
    for (const done of this.#collectors) {
      const waiting = this.#orders.shift()
      if (!waiting) return
      this.#underWay.set(waiting.order.id, waiting)
      done(waiting.order)
    }
  }

  #forget(waiting: Waiting): void {
    this.#underWay.delete(waiting.order.id)
    const place = this.#orders.indexOf(waiting)
    if (place >= 0) this.#orders.splice(place, 1)
  }
}
