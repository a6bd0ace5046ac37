import { digitsAt } from './digits.ts'

/** Times as devices write them, made instants (milliseconds since 1970, UTC). `undefined` for a text that is no such time. */

const months: Readonly<Record<string, number>> = {
  Jan: 0,
  Feb: 1,
  Mar: 2,
  Apr: 3,
  May: 4,
  Jun: 5,
  Jul: 6,
  Aug: 7,
  Sep: 8,
  Oct: 9,
  Nov: 10,
  Dec: 11,
}

const plainDay = /^\d{4}-\d\d-\d\d$/
const days = { text: '', ms: NaN }

/** What most senders write, `2026-11-22T10:00:00.123456Z`, at a tenth of the price: the day is that of the time before. */
function parsePlainUtc(text: string): number | undefined {
  const { length } = text
  if (
    length < 24 ||
    length > 30 ||
    text[10] !== 'T' ||
    text[13] !== ':' ||
    text[16] !== ':' ||
    text[19] !== '.' ||
    text[length - 1] !== 'Z'
  )
    return undefined
  const day = text.slice(0, 10)
  if (day !== days.text) {
    if (!plainDay.test(day)) return undefined
    days.ms = Date.parse(day)
    days.text = day
  }
  const [hour, minute, second] = [digitsAt(text, 11, 13), digitsAt(text, 14, 16), digitsAt(text, 17, 19)]
  if (!(hour < 24 && minute < 60 && second < 60) || Number.isNaN(digitsAt(text, 23, length - 1))) return undefined
  return finite(days.ms + ((hour * 60 + minute) * 60 + second) * 1_000 + digitsAt(text, 20, 23))
}

const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/i

export function parseRfc3339(text: string): number | undefined {
  const utc = parsePlainUtc(text)
  if (utc !== undefined) return utc
  if (!rfc3339.test(text)) return undefined
  const plain = text.replace(' ', 'T').replace(',', '.').toUpperCase()
  const withColon = /[+-]\d{4}$/.test(plain) ? `${plain.slice(0, -2)}:${plain.slice(-2)}` : plain
  return finite(Date.parse(withColon))
}

const isoLocal = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/

/** ISO 8601 without a zone, such as `2026-11-22 10:00:00`; also with slashes in the date. */
export function parseIsoLocal(text: string, timeZone: string): number | undefined {
  const match = isoLocal.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction] = match
  return toInstant(local(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), fraction), timeZone)
}

/** Lines of one second come one after the other: what their time came to is remembered for the next. */
const lastClf = { text: '', at: undefined as number | undefined }
const clf = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ([+-])(\d\d)(\d\d)$/

/** The Common Log Format's `22/Nov/2026:10:00:00 +0700`; ModSecurity adds a fraction to the seconds. */
export function parseClf(text: string): number | undefined {
  if (text !== lastClf.text) {
    lastClf.at = readClf(text)
    lastClf.text = text
  }
  return lastClf.at
}

function readClf(text: string): number | undefined {
  const match = clf.exec(text)
  if (!match) return undefined
  const [, day, month, year, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match
  const at = local(Number(year), months[month!], Number(day), Number(hour), Number(minute), Number(second), fraction)
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000
  return at === undefined ? undefined : at - (sign === '-' ? -offset : offset)
}

/** Length of the text without its fraction. */
const clfSeconds = '22/Nov/2026:10:00:00'.length
const lastClfLocal = { text: '', timeZone: '', at: undefined as number | undefined }
const clfLocal = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

/** HAProxy's `22/Nov/2026:10:00:00.123`: as the Common Log Format has it, with a fraction and without a zone. */
export function parseClfLocal(text: string, timeZone: string): number | undefined {
  // Of one second there are many: only thousandths differ.
  const plain = text.length === clfSeconds + 4 && text[clfSeconds] === '.'
  const thousandths = plain ? digitsAt(text, clfSeconds + 1, text.length) : NaN
  if (Number.isNaN(thousandths)) return readClfLocal(text, timeZone)
  const second = text.slice(0, clfSeconds)
  if (second !== lastClfLocal.text || timeZone !== lastClfLocal.timeZone) {
    lastClfLocal.at = readClfLocal(second, timeZone)
    lastClfLocal.text = second
    lastClfLocal.timeZone = timeZone
  }
  return lastClfLocal.at === undefined ? undefined : lastClfLocal.at + thousandths
}

function readClfLocal(text: string, timeZone: string): number | undefined {
  const match = clfLocal.exec(text)
  if (!match) return undefined
  const [, day, month, year, hour, minute, second, fraction] = match
  return toInstant(local(Number(year), months[month!], Number(day), Number(hour), Number(minute), Number(second), fraction), timeZone)
}

const ctime = /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) ([ \d]?\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\d{4})$/

/** C's `Sun Nov 22 10:00:00 2026`; Apache's error log adds a fraction to the seconds. */
export function parseCtime(text: string, timeZone: string): number | undefined {
  const match = ctime.exec(text)
  if (!match) return undefined
  const [, month, day, hour, minute, second, fraction, year] = match
  return toInstant(local(Number(year), months[month!], Number(day), Number(hour), Number(minute), Number(second), fraction), timeZone)
}

const monthDay = /^(?:(\d\d)\/)?(\d\d)\/(\d\d)-(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

/**
 * Snort's `11/22-10:00:00.123456`, whose year is the one nearest to the receipt. With a year, Snort 2 writes it last (`11/22/26-…`) and
 * Snort 3 first (`26/11/22-…`): what is nearer to the receipt is meant.
 */
export function parseMonthDay(text: string, receivedMs: number, timeZone: string): number | undefined {
  const match = monthDay.exec(text)
  if (!match) return undefined
  const [first, second, third] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const at = (year: number, month: number, day: number) =>
    toInstant(local(year, month - 1, day, Number(match[4]), Number(match[5]), Number(match[6]), match[7]), timeZone)
  if (match[1] === undefined) return nearest(yearsAround(receivedMs), (year) => at(year, second, third), receivedMs)
  const orders = [() => at(2000 + first, second, third), () => at(2000 + third, first, second)]
  return nearest(orders, (order) => order(), receivedMs)
}

/** A time of the present year that is no further away is nearer than that of any other. */
const quarterYear = 90 * 86_400_000
const lastRfc3164 = { text: '', timeZone: '', at: NaN }
const rfc3164 = /^([A-Z][a-z]{2}) ([ \d]\d) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

/** RFC 3164 writes no year and no zone: the year is the one that brings the time nearest to its receipt. */
export function parseRfc3164(text: string, receivedMs: number, timeZone: string): number | undefined {
  const last = lastRfc3164
  // Within a quarter of a year of its receipt, no other year would be nearer.
  const same = text === last.text && timeZone === last.timeZone && Math.abs(last.at - receivedMs) < quarterYear
  if (same) return last.at
  const at = readRfc3164(text, receivedMs, timeZone)
  last.text = text
  last.timeZone = timeZone
  last.at = at ?? NaN
  return at
}

function readRfc3164(text: string, receivedMs: number, timeZone: string): number | undefined {
  const match = rfc3164.exec(text)
  if (!match) return undefined
  const [, month, day, year, hour, minute, second, fraction] = match
  const inYear = (one: number) =>
    toInstant(local(one, months[month!], Number(day), Number(hour), Number(minute), Number(second), fraction), timeZone)
  if (year !== undefined) return inYear(Number(year))
  const present = inYear(new Date(receivedMs).getUTCFullYear())
  if (present !== undefined && Math.abs(present - receivedMs) < quarterYear) return present
  return nearest(yearsAround(receivedMs), inYear, receivedMs)
}

function yearsAround(receivedMs: number): readonly number[] {
  const present = new Date(receivedMs).getUTCFullYear()
  return [present, present - 1, present + 1]
}

function nearest<T>(candidates: readonly T[], instantOf: (candidate: T) => number | undefined, receivedMs: number): number | undefined {
  let best: number | undefined
  for (const candidate of candidates) {
    const at = instantOf(candidate)
    if (at !== undefined && (best === undefined || Math.abs(at - receivedMs) < Math.abs(best - receivedMs))) best = at
  }
  return best
}

/** Milliseconds since 1970 as if the clock showed UTC; `undefined` for a date that no calendar has. */
function local(
  year: number,
  month: number | undefined,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fraction: string | undefined,
): number | undefined {
  if (month === undefined || hour > 23 || minute > 59 || second > 60) return undefined
  const at = Date.UTC(year, month, day, hour, minute, second, fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0)
  return new Date(Date.UTC(year, month, day)).getUTCDate() === day ? finite(at) : undefined
}

function toInstant(localMs: number | undefined, timeZone: string): number | undefined {
  if (localMs === undefined) return undefined
  const guess = localMs - zoneOffset(timeZone, localMs)
  return localMs - zoneOffset(timeZone, guess)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()
const offsetsRemembered = 10_000
const quarterHour = 900_000
const last = { timeZone: '', quarter: NaN, offset: 0 }

/** Local time minus UTC, in ms. Zones change their offset at whole quarter hours, so one is remembered for each. */
export function zoneOffset(timeZone: string, atMs: number): number {
  const quarter = Math.floor(atMs / quarterHour)
  if (last.quarter !== quarter || last.timeZone !== timeZone) {
    last.offset = readOffset(timeZone, quarter)
    last.timeZone = timeZone
    last.quarter = quarter
  }
  return last.offset
}

function readOffset(timeZone: string, quarter: number): number {
  const key = `${timeZone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= offsetsRemembered) offsets.clear()
  const at = quarter * quarterHour
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const shown = Date.UTC(parts['year']!, parts['month']! - 1, parts['day']!, parts['hour']!, parts['minute']!, parts['second']!)
  offsets.set(key, shown - at)
  return shown - at
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    const digits = '2-digit'
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    })
    formats.set(timeZone, format)
  }
  return format
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined
}
