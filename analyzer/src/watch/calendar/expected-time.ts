import type { Calendar } from '@vonggac/contract'
import type { Holidays } from './holidays.ts'

/** Asia/Ho_Chi_Minh, which has no summer time. */
const zoneMs = 7 * 3_600_000
const dayMs = 86_400_000
const minuteMs = 60_000
/** A calendar with a working day in more than so many is one that never works. */
const farthestDays = 4_000

/** From `from` inclusive to `to` exclusive; ms. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * The moment at which so many minutes of the calendar's expected time have passed after `from`, ms; undefined for a calendar that never has so many.
 * Where a night shift ends on the day after, it belongs to the day on which it began.
 */
export function momentAfter(calendar: Calendar, from: number, minutes: number, holidays: Holidays): number | undefined {
  if (calendar.kind === 'always') return from + minutes * minuteMs
  let left = minutes * minuteMs
  const start = dayOf(from) - 1
  let covered = from
  for (let day = start; day < start + farthestDays; day++) {
    const stretch = stretchOf(calendar, day, holidays)
    if (!stretch) continue
    // Stretches of days that follow each other may overlap: no time counts twice.
    const begins = Math.max(stretch.from, covered)
    if (stretch.to <= begins) continue
    if (stretch.to - begins >= left) return begins + left
    left -= stretch.to - begins
    covered = stretch.to
  }
  return undefined
}

/** Whether the day, counted from 1970-01-01 in the city's own time, is one on which the source is expected to send. */
export function isOrdinaryDay(calendar: Calendar, day: number, holidays: Holidays): boolean {
  if (calendar.kind === 'always') return true
  return calendar.days.includes(weekdayOf(day)) && !(calendar.restsOnHolidays && holidays.has(day))
}

export function dayOf(ms: number): number {
  return Math.floor((ms + zoneMs) / dayMs)
}

/** The moment at which the day begins, ms. */
export function startOfDay(day: number): number {
  return day * dayMs - zoneMs
}

/** Which of the 168 hours of a week the moment is in; 0 begins on Monday at midnight. */
export function hourOfWeek(ms: number): number {
  const day = dayOf(ms)
  return (weekdayOf(day) - 1) * 24 + Math.floor((ms - startOfDay(day)) / (60 * minuteMs))
}

export const hoursOfWeek = 168

function stretchOf(calendar: Extract<Calendar, { kind: 'hours' }>, day: number, holidays: Holidays): Stretch | undefined {
  if (!isOrdinaryDay(calendar, day, holidays)) return undefined
  const [from, to] = [minutesOf(calendar.from), minutesOf(calendar.to)]
  const start = startOfDay(day)
  return { from: start + from * minuteMs, to: start + (to > from ? to : to + 1_440) * minuteMs }
}

/** 1 is Monday, 7 Sunday; day 0 was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}
