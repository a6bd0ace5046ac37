import type { CollectorCounters } from '@vonggac/contract'
import { timeText, type Alarm, type WatchedSource } from './alarm.ts'
import { momentAfter } from './calendar/expected-time.ts'
import type { Holidays } from './calendar/holidays.ts'
import type { Presence } from './presence.ts'

/**
 * A source that sent once and has sent nothing for the minutes that it may, counted in its calendar's time alone. One that has never sent is another matter
 * (`neverHeard`). `lastReceived`, in ms, is what the ledger knows.
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
  const note = {
    vi: `${source.name.vi}: nhật ký cuối cùng lúc ${timeText(since)}; được phép im lặng ${silenceMinutes} phút trong giờ hoạt động.`,
    en: `${source.name.en}: the last log came at ${timeText(since)}; it may be silent for ${silenceMinutes} minutes of its hours.`,
  }
  return alarmOf(source, { rule: 'watch:silence', since, at, note })
}

/** People register a source, and connect it when they get to it. */
const connectingMs = 24 * 3_600_000

/**
 * A source that has never sent, a day after it was first awaited (`since`) and for as long as it may be silent; while a collector is there that would have
 * heard it.
 */
export function neverHeard(
  source: WatchedSource,
  since: number,
  collectors: readonly CollectorCounters[],
  presence: Presence,
  holidays: Holidays,
  now: number,
): Alarm | undefined {
  const { calendar, silenceMinutes } = source.expectation
  if (silenceMinutes === 0) return undefined
  const listening = collectors.flatMap(({ collector }) => presence.since(collector, now) ?? [])
  if (listening.length === 0) return undefined
  const at = momentAfter(calendar, Math.max(since + connectingMs, Math.min(...listening)), silenceMinutes, holidays)
  if (at === undefined || at > now) return undefined
  const note = {
    vi: `${source.name.vi}: được chờ từ ${timeText(since)}, đến nay chưa gửi nhật ký nào. Trang của nguồn cho biết cách kết nối.`,
    en: `${source.name.en}: awaited since ${timeText(since)}, it has sent no log so far. The page of the source tells how to connect it.`,
  }
  return alarmOf(source, { rule: 'watch:never-heard', since, at, note })
}

/** One alarm for as long as nothing comes. */
function alarmOf({ id, agency }: WatchedSource, told: Pick<Alarm, 'rule' | 'since' | 'at' | 'note'>): Alarm {
  return { ...told, agency, group: { source: id }, source: id, position: told.since, count: 1 }
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
