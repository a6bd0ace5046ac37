import type { LedgerReading } from '../ledger/index.ts'
import { dayOf, startOfDay } from './calendar/expected-time.ts'

const hourMs = 3_600_000
/** What a collector held back arrives with the times of its receipt: a day or an hour is judged so long after it ended. */
export const settledMs = 2 * hourMs

/** The last day that can be judged, counted in the city's own time. */
export function settledDay(now: number): number {
  return dayOf(now - settledMs) - 1
}

/** What was received of a source in each hour in which there was anything, by its start, ms; from a day on until another. */
export async function hourlyOf(
  reading: Pick<LedgerReading, 'minutes'>,
  source: string,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, number>> {
  const hours = new Map<number, number>()
  for (const { at, counts } of await reading.minutes(source, startOfDay(from), startOfDay(to))) {
    const hour = Math.floor(at / hourMs) * hourMs
    hours.set(hour, (hours.get(hour) ?? 0) + counts.received)
  }
  return hours
}
