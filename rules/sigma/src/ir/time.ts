/** The parts of a moment that Sigma's `minute … year` modifiers compare, in UTC. */
import type { Scalar, TimePart } from './expression.ts'

const timestamp = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/i

/** Milliseconds since the epoch: of a number, itself; of ISO 8601 text, with UTC where it names no zone (Sysmon's `UtcTime` does not). */
export function momentOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value
  const parts = typeof value === 'string' && value.length <= 40 ? timestamp.exec(value) : null
  if (parts === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = parts
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (/^z$/i.test(zone)) return utc
  const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return utc - (zone.startsWith('-') ? -offset : offset) * 60_000
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
