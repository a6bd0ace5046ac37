/**
 * Retention deletes by the clock, and a clock that is wrong would delete everything. So two witnesses have to agree with it:
 *
 * - the newest event: it must have been received within a day of now;
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

/** What the next run is to know, and, where the clock cannot be trusted now, why: a sentence for people. `newest` is undefined for an empty store. */
export function doubtOf(
  now: Date,
  newest: Date | undefined,
  watch: ClockWatch | undefined,
): { readonly watch: ClockWatch; readonly note?: string } {
  const jump = jumpOf(now, watch)
  const next = { seen: now, jump }
  if (newest !== undefined && Math.abs(now.getTime() - newest.getTime()) > dayMs) {
    const note = `Nothing is deleted for its age: this machine's clock says ${show(now)}, but the newest event was received at ${show(newest)}. Correct the clock, or see why no events arrive.`
    return { watch: next, note }
  }
  if (jump === undefined) return { watch: next }
  const note = `Nothing is deleted for its age: this machine's clock jumped from ${show(jump.from)} to ${show(jump.to)}. If that is right, deleting goes on by itself a day later.`
  return { watch: next, note }
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
