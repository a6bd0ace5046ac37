import type { LedgerReading } from '../ledger/index.ts'
import { timeText, type Alarm, type WatchedSource } from './alarm.ts'
import { dayOf, isOrdinaryDay, startOfDay } from './calendar/expected-time.ts'
import type { Holidays } from './calendar/holidays.ts'

/** So many times more, or less, than on an ordinary day is far off: people's estimates are rarely better than by half. */
const farOff = 4
/** What a collector held back arrives with the times of its receipt: a day is judged so long after it ended. */
const settledMs = 2 * 3_600_000

type Reading = Pick<LedgerReading, 'minutes' | 'hasBefore'>

/** Far too many of a source as soon as they have come, far too few when its day is over. A day is one of the city's own time. */
export async function volumeAlarms(reading: Reading, source: WatchedSource, holidays: Holidays, now: number): Promise<Alarm[]> {
  const { eventsPerDay } = source.expectation
  if (eventsPerDay === null || source.paused) return []
  const ended = dayOf(now - settledMs) - 1
  const alarms = [
    await tooMany(reading, source, eventsPerDay, dayOf(now), now),
    await tooMany(reading, source, eventsPerDay, ended, now),
    await tooFew(reading, source, eventsPerDay, ended, holidays),
  ]
  return alarms.filter((alarm) => alarm !== undefined)
}

async function tooMany(reading: Reading, source: WatchedSource, expected: number, day: number, now: number): Promise<Alarm | undefined> {
  const received = await receivedOn(reading, source.id, day)
  if (received <= expected * farOff) return undefined
  return alarmOf(source, 'high', day, Math.min(now, startOfDay(day + 1)), received, expected)
}

/** Only of a day on which it was to send, and not of that on which it first did. None at all is silence, where silence is an alarm. */
async function tooFew(
  reading: Reading,
  source: WatchedSource,
  expected: number,
  day: number,
  holidays: Holidays,
): Promise<Alarm | undefined> {
  const { calendar, silenceMinutes } = source.expectation
  if (!isOrdinaryDay(calendar, day, holidays)) return undefined
  const received = await receivedOn(reading, source.id, day)
  if (received * farOff >= expected || (received === 0 && silenceMinutes > 0)) return undefined
  if (!(await reading.hasBefore(source.id, startOfDay(day)))) return undefined
  return alarmOf(source, 'low', day, startOfDay(day + 1), received, expected)
}

async function receivedOn(reading: Reading, source: string, day: number): Promise<number> {
  const minutes = await reading.minutes(source, startOfDay(day), startOfDay(day + 1))
  return minutes.reduce((sum, { counts }) => sum + counts.received, 0)
}

function alarmOf(source: WatchedSource, volume: 'low' | 'high', day: number, at: number, received: number, expected: number): Alarm {
  const since = startOfDay(day)
  const vi = `${source.name.vi}: nhận ${received} sự kiện trong ngày bắt đầu lúc ${timeText(since)}; ngày thường khoảng ${expected}.`
  const en = `${source.name.en}: ${received} events of the day that began at ${timeText(since)}; an ordinary day has about ${expected}.`
  return {
    rule: 'watch:volume',
    agency: source.agency,
    group: { source: source.id, volume },
    source: source.id,
    since,
    at,
    position: since,
    count: 1,
    note: { vi, en },
  }
}
