import { say, type Sentence } from '@vonggac/contract'

/**
 * Retention deletes by the clock, and a clock that is wrong would delete everything. So two witnesses have to agree with it:
 *
 * - the newest event: now must not be more than a day after it (a clock that is behind deletes too little, which does no harm);
 * - the clock of the run before: where it jumped (by two days ahead, or back), nothing is deleted until it has gone on evenly for most of
 *   a day. This also holds where a wrong clock stamps new events, and leaves people a day to see the note.
 */
export const dayMs = 86_400_000
const hourMs = 3_600_000
/** Between two nightly runs lie 24 hours; a run that is missed is no jump. */
const longestStepMs = 2 * dayMs
const steadyMs = 20 * hourMs

export interface ClockWatch {
  /** What the clock was at the latest run. */
  readonly seen: Date
  /** A jump that is not yet believed. */
  readonly jump?: { readonly from: Date; readonly to: Date } | undefined
}

export interface Verdict {
  /** For the next run. */
  readonly watch: ClockWatch
  readonly mayDelete: boolean
  /** What is odd about the clock: a sentence for people. */
  readonly note?: Sentence
}

/** Whether the clock can be trusted with deleting. `newest` is undefined for an empty store. */
export function judgeClock(now: Date, newest: Date | undefined, before: ClockWatch | undefined): Verdict {
  const jump = jumpOf(now, before)
  const watch = { seen: now, jump }
  const ahead = newest === undefined ? 0 : now.getTime() - newest.getTime()
  if (ahead > dayMs) {
    const note = say('clock-ahead', { now: show(now), newest: show(newest!) })
    return { watch, mayDelete: false, note }
  }
  if (jump !== undefined) {
    const note = say('clock-jumped', { from: show(jump.from), to: show(jump.to) })
    return { watch, mayDelete: false, note }
  }
  if (ahead >= -dayMs) return { watch, mayDelete: true }
  const note = say('clock-behind', { newest: show(newest!), now: show(now) })
  return { watch, mayDelete: true, note }
}

function jumpOf(now: Date, watch: ClockWatch | undefined): ClockWatch['jump'] {
  if (watch === undefined) return undefined
  const step = now.getTime() - watch.seen.getTime()
  if (step < -hourMs || step > longestStepMs) return { from: watch.seen, to: now }
  return watch.jump !== undefined && now.getTime() - watch.jump.to.getTime() < steadyMs ? watch.jump : undefined
}

function show(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
