import type { CollectorCounters } from '@vonggac/contract'
import { timeText, type Alarm, type WatchedSource } from './alarm.ts'
import { momentAfter } from './calendar/expected-time.ts'
import type { Holidays } from './calendar/holidays.ts'
import type { Presence } from './presence.ts'

/**
 * A source that sent once and has sent nothing for the minutes that it may, counted in its calendar's time alone. One that has never sent is not silent but
 * not yet connected, which its page shows. `lastReceived`, in ms, is what the ledger knows.
 */
export function silenceOf(
  source: WatchedSource,
  lastReceived: number | undefined,
  collectors: readonly CollectorCounters[],
  presence: Presence,
  holidays: Holidays,
  now: number,
): Alarm | undefined {
  const { calendar, silenceMinutes } = source.expectation
  if (silenceMinutes === 0 || source.paused) return undefined
  const since = lastHeard(source.id, lastReceived, collectors)
  const [, by] = newestOf(source.id, collectors)
  if (since === 0) return undefined
  // Its collector is away: whether the source still sends, nobody knows. That is an alarm of its own.
  const heardSince = by === undefined ? presence.begun : presence.since(by, now)
  if (heardSince === undefined) return undefined
  // What it sent while nobody listened cannot be missed.
  const at = momentAfter(calendar, Math.max(since, heardSince), silenceMinutes, holidays)
  if (at === undefined || at > now) return undefined
  return {
    rule: 'watch:silence',
    agency: source.agency,
    group: { source: source.id },
    source: source.id,
    since,
    at,
    position: since,
    count: 1,
    note: {
      vi: `${source.name.vi}: nhật ký cuối cùng lúc ${timeText(since)}; được phép im lặng ${silenceMinutes} phút trong giờ hoạt động.`,
      en: `${source.name.en}: the last log came at ${timeText(since)}; it may be silent for ${silenceMinutes} minutes of its hours.`,
    },
  }
}

/** When the source was last heard, ms, by the ledger and by what collectors have not forwarded yet; 0 for never. */
export function lastHeard(id: string, lastReceived: number | undefined, collectors: readonly CollectorCounters[]): number {
  return Math.max(lastReceived ?? 0, newestOf(id, collectors)[0] ?? 0)
}

/** When a collector last heard the source, ms, and which. */
function newestOf(id: string, collectors: readonly CollectorCounters[]): [at: number | undefined, collector: string | undefined] {
  let newest: number | undefined
  let by: string | undefined
  for (const { collector, sources } of collectors) {
    for (const { source, lastReceived } of sources) {
      if (source !== id || lastReceived === null) continue
      const at = Date.parse(lastReceived)
      if (newest === undefined || at > newest) [newest, by] = [at, collector]
    }
  }
  return [newest, by]
}
