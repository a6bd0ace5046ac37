/** Times in events: their order, and the parts of them that Sigma's `minute … year` modifiers compare, in UTC. */
import type { Scalar, Test, TimePart } from './expression.ts'

const timestamp = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/i

/** The times that JavaScript has reach so far from the epoch, in milliseconds. */
const farthest = 8.64e15

/**
 * Milliseconds since the epoch: of a number, itself; of ISO 8601 text, with UTC where it names no zone (Sysmon's `UtcTime` does not) and without what is
 * finer than a millisecond. What is out of range (minute 75, month 13) carries over.
 */
export function momentOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return Math.abs(value) <= farthest ? value : undefined
  const parts = typeof value === 'string' && value.length <= 40 ? timestamp.exec(value) : null
  if (parts === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts
  // Date.UTC would take the years before 100 for those after 1900.
  const midnight = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  const utc = midnight + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (/^z$/i.test(zone)) return utc
  const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return utc - (zone.startsWith('-') ? -offset : offset) * 60_000
}

/** Whether the value names a moment at or after (`since`), or before, the test's. */
export function isOnSide(value: Scalar, { side, at }: Extract<Test, { readonly kind: 'moment' }>): boolean {
  const moment = momentOf(value)
  return moment !== undefined && (side === 'since' ? moment >= at : moment < at)
}

/** The part of a moment; weeks are those of ISO 8601. Undefined for a value that names no moment. */
export function timePartOf(value: Scalar, part: TimePart): number | undefined {
  const moment = momentOf(value)
  const date = new Date(moment ?? Number.NaN)
  if (Number.isNaN(date.getTime())) return undefined
  switch (part) {
    case 'minute':
      return date.getUTCMinutes()
    case 'hour':
      return date.getUTCHours()
    case 'day':
      return date.getUTCDate()
    case 'week':
      return isoWeek(date)
    case 'month':
      return date.getUTCMonth() + 1
    case 'year':
      return date.getUTCFullYear()
  }
}

/** A week belongs to the year that holds its Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date)
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7))
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  return Math.floor((thursday.getTime() - newYear) / (7 * 86_400_000)) + 1
}
