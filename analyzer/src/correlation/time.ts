import type { CorrelatedHit } from '../detection/index.ts'

/**
 * How much later than it happened a hit may come; every correlation is found that much later. It covers what syslog senders and web servers hold back, and collectors
 * that are a little behind each other.
 */
export const latenessMs = 10_000

/** How far the time of a collector may be ahead of ours. */
const aheadMs = 60_000

/**
 * A time of receipt as it is believed. Time comes from events and from what collectors say of them; our own clock decides nothing, it only keeps a collector whose
 * clock is far ahead from pushing the time so far that all other hits come too late.
 */
export function believedReceipt(receivedMs: number, now: Date): number {
  return Math.min(receivedMs, now.getTime() + aheadMs)
}

/**
 * The time that a hit counts at: the event's own, unless it is further from the time of receipt than the lateness that we wait for. Such a clock, or such a delay, is
 * not believed and the time of receipt counts: a hit that was left out would be an attack that is not found.
 */
export function timeOf({ at, receivedMs }: Pick<CorrelatedHit, 'at' | 'receivedMs'>, now: Date): number {
  const received = believedReceipt(receivedMs, now)
  return Math.abs(at - received) <= latenessMs ? at : received
}
