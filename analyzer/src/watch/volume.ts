/**
 * Far too many events of a source as soon as they have come, far too few when their time is over. Judged by the day, or by the hour where it is known what is
 * usual in each hour of the week. Days are those of the city's own time.
 */
import type { LocalizedText } from '@vonggac/contract'
import type { LedgerReading } from '../ledger/index.ts'
import { timeText, type Alarm, type WatchedSource } from './alarm.ts'
import { dayOf, hourOfWeek, isOrdinaryDay, startOfDay } from './calendar/expected-time.ts'
import type { Holidays } from './calendar/holidays.ts'
import { hourlyOf, settledDay, settledMs } from './received.ts'

/** So many times more, or less, than usual is far off: people's estimates are rarely better than by half. */
const farOff = 4
/** Where an hour has fewer events than this, chance makes it several times more or less. */
const fewestAnHour = 25
const hourMs = 3_600_000

type Reading = Pick<LedgerReading, 'minutes' | 'hasBefore'>

export async function volumeAlarms(reading: Reading, source: WatchedSource, holidays: Holidays, now: number): Promise<Alarm[]> {
  const { eventsPerDay, eventsPerHour } = source.expectation
  if (source.paused) return []
  if (eventsPerHour !== null) return hourlyAlarms(reading, source, eventsPerHour, holidays, now)
  return eventsPerDay === null ? [] : dailyAlarms(reading, source, eventsPerDay, holidays, now)
}

async function dailyAlarms(reading: Reading, source: WatchedSource, expected: number, holidays: Holidays, now: number): Promise<Alarm[]> {
  const [ended, today] = [settledDay(now), dayOf(now)]
  const hours = await hourlyOf(reading, source.id, ended, today + 1)
  const receivedOn = (day: number) => sum([...hours].filter(([at]) => dayOf(at) === day).map(([, count]) => count))
  const alarms: Alarm[] = []
  for (const day of new Set([today, ended])) {
    const received = receivedOn(day)
    if (received > expected * farOff) alarms.push(alarmOf(source, { ...dayAt(day, now), volume: 'high', received, expected }))
  }
  const received = receivedOn(ended)
  // Only of a day on which it was to send, and not of that on which it first did.
  const few = isOrdinaryDay(source.expectation.calendar, ended, holidays) && isFew(source, received, expected)
  if (few && (await reading.hasBefore(source.id, startOfDay(ended))))
    alarms.push(alarmOf(source, { ...dayAt(ended, now), volume: 'low', received, expected }))
  return alarms
}

/** Of the hours of today and of the last whole day; those of one day are one alert. */
async function hourlyAlarms(
  reading: Reading,
  source: WatchedSource,
  usual: readonly number[],
  holidays: Holidays,
  now: number,
): Promise<Alarm[]> {
  const [ended, today] = [settledDay(now), dayOf(now)]
  const received = await hourlyOf(reading, source.id, ended, today + 1)
  const alarms: Alarm[] = []
  for (let start = startOfDay(ended); start <= now; start += hourMs) {
    if (!isOrdinaryDay(source.expectation.calendar, dayOf(start), holidays)) continue
    const expected = usual[hourOfWeek(start)]!
    const hour = { since: startOfDay(dayOf(start)), start, at: Math.min(now, start + hourMs), received: received.get(start) ?? 0, expected }
    if (hour.received > Math.max(expected, fewestAnHour) * farOff) alarms.push(alarmOf(source, { ...hour, volume: 'high' }))
    const over = start + hourMs + settledMs <= now
    if (over && expected >= fewestAnHour && isFew(source, hour.received, expected)) alarms.push(alarmOf(source, { ...hour, volume: 'low' }))
  }
  return alarms
}

/** None at all is silence, where silence is an alarm. */
function isFew({ expectation }: WatchedSource, received: number, expected: number): boolean {
  return received * farOff < expected && !(received === 0 && expectation.silenceMinutes > 0)
}

/** A stretch of time, ms: `since` is the start of its day. */
interface Judged {
  readonly since: number
  readonly start: number
  readonly at: number
  readonly volume: 'low' | 'high'
  readonly received: number
  readonly expected: number
}

function dayAt(day: number, now: number): Pick<Judged, 'since' | 'start' | 'at'> {
  const since = startOfDay(day)
  return { since, start: since, at: Math.min(now, startOfDay(day + 1)) }
}

function alarmOf(source: WatchedSource, judged: Judged): Alarm {
  const { since, start, at, volume } = judged
  return {
    rule: 'watch:volume',
    agency: source.agency,
    group: { source: source.id, volume },
    source: source.id,
    since,
    at,
    position: start,
    count: 1,
    note: noteOf(source, judged),
  }
}

function noteOf({ name, expectation }: WatchedSource, { start, received, expected }: Judged): LocalizedText {
  const [vi, en] =
    expectation.eventsPerHour === null
      ? [`ngày bắt đầu lúc ${timeText(start)}; ngày thường`, `the day that began at ${timeText(start)}; an ordinary day`]
      : [`giờ bắt đầu lúc ${timeText(start)}; giờ này mọi tuần`, `the hour that began at ${timeText(start)}; this hour of a week`]
  return {
    vi: `${name.vi}: nhận ${received} sự kiện trong ${vi} khoảng ${expected}.`,
    en: `${name.en}: ${received} events of ${en} has about ${expected}.`,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
