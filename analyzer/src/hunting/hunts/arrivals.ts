/**
 * Up to which time of receipt everything is stored. A collector that lost its line for an hour delivers that hour late, with the times at which it received
 * it; a hunt that had looked at the hour before would never see it. So runs wait for the collectors that are there.
 */
import { say, type BatchHeader, type CollectorCounters, type Sentence } from '@vonggac/contract'
import type { Clock, LinkReceiver } from '../../platform/index.ts'

export interface ArrivalsDeps {
  readonly clock: Clock
  /** The collectors' last counters. */
  readonly collectors: () => Iterable<CollectorCounters>
}

/** A collector that has said nothing for so long is not waited for but named, */
const silenceMs = 10 * 60_000
/** and after so long it is taken to be gone for good. */
const goneMs = 7 * 86_400_000
/** One that is there and behind is waited for, so long at most. */
const patienceMs = 24 * 3_600_000
/** Collectors report every few seconds; those that are there have done so by then. */
const settledMs = 30_000

export class Arrivals {
  readonly #deps: ArrivalsDeps
  readonly #begun: number
  readonly #until = new Map<string, number>()

  constructor(deps: ArrivalsDeps) {
    this.#deps = deps
    this.#begun = deps.clock.now().getTime()
  }

  /** Notes what goes through the receiver. */
  watching(receiver: LinkReceiver): LinkReceiver {
    return {
      receive: async (header, bytes) => {
        const receipt = await receiver.receive(header, bytes)
        this.#note(header.collector, newestMinute(header))
        return receipt
      },
      counters: async (counters) => {
        await receiver.counters(counters)
        if (counters.journaled === counters.acknowledged) this.#note(counters.collector, Date.parse(counters.at))
      },
    }
  }

  /** Everything that was received before this time is stored, as far as the collectors that are there know; ms. */
  completeUntil(): number {
    const now = this.#deps.clock.now().getTime()
    if (now < this.#begun + settledMs) return 0
    const present = [...this.#deps.collectors()].filter(({ at }) => now - Date.parse(at) < silenceMs)
    const known = present.map(({ collector }) => this.#until.get(collector) ?? 0)
    return Math.max(now - patienceMs, Math.min(now, ...known))
  }

  /** Sentences about collectors that hold events and are not waited for. */
  missing(): readonly Sentence[] {
    const now = this.#deps.clock.now().getTime()
    return [...this.#deps.collectors()]
      .filter(({ at, journaled, acknowledged }) => {
        const silentMs = now - Date.parse(at)
        return silentMs >= silenceMs && silentMs < goneMs && journaled > acknowledged
      })
      .map(({ collector, at, journaled, acknowledged }) =>
        say('hunt-collector-silent', { collector, at, frames: journaled - acknowledged }),
      )
  }

  #note(collector: string, until: number): void {
    this.#until.set(collector, Math.max(until, this.#until.get(collector) ?? 0))
  }
}

/** Frames are forwarded in the order of their receipt: what was received before the batch's last minute began is stored with it. */
function newestMinute({ tallies }: BatchHeader): number {
  return Math.max(0, ...tallies.map(({ minute }) => Date.parse(minute)))
}
