import type { Calendar, VolumeProposal } from '@vonggac/contract'
import type { LedgerReading } from '../ledger/index.ts'
import { dayOf, hourOfWeek, hoursOfWeek, isOrdinaryDay, startOfDay } from './calendar/expected-time.ts'
import type { Holidays } from './calendar/holidays.ts'
import { hourlyOf, settledDay } from './received.ts'

/** Eight weeks say what is usual; more would tell of a time when it was otherwise. */
const historyDays = 56
/** So often each weekday of the calendar must have been seen: the middle of three is no longer the one odd day. */
const leastTimes = 3

/**
 * What the source usually sends, by the hour of the week and by the day: the median over the days on which it was expected to send, of those after the first
 * that the ledger knows of it. Nothing where they are too few to tell.
 */
export async function learnedVolume(
  reading: Pick<LedgerReading, 'minutes'>,
  { source, calendar }: { readonly source: string; readonly calendar: Calendar },
  holidays: Holidays,
  now: number,
): Promise<VolumeProposal> {
  const last = settledDay(now)
  const received = await hourlyOf(reading, source, last - historyDays + 1, last + 1)
  const first = Math.min(...received.keys())
  const byHour: number[][] = Array.from({ length: hoursOfWeek }, () => [])
  const byDay: number[] = []
  const begun = Number.isFinite(first) ? dayOf(first) + 1 : last + 1
  for (let day = begun; day <= last; day++) {
    if (!isOrdinaryDay(calendar, day, holidays)) continue
    const hours = Array.from({ length: 24 }, (_, hour) => startOfDay(day) + hour * 3_600_000)
    for (const at of hours) byHour[hourOfWeek(at)]!.push(received.get(at) ?? 0)
    byDay.push(hours.reduce((sum, at) => sum + (received.get(at) ?? 0), 0))
  }
  const weekdays = calendar.kind === 'always' ? [1, 2, 3, 4, 5, 6, 7] : calendar.days
  const seen = Math.min(...weekdays.map((weekday) => byHour[(weekday - 1) * 24]!.length))
  if (seen < leastTimes) return { days: byDay.length, eventsPerDay: null, eventsPerHour: null }
  return { days: byDay.length, eventsPerDay: median(byDay) || null, eventsPerHour: byHour.map(median) }
}

/** Whole; 0 of none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
  return Math.round((low + high) / 2)
}
