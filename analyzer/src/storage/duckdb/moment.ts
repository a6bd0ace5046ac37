import type { FieldValue, Scalar } from '@vonggac/contract'

const timestamp = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/i

/**
 * Milliseconds since the epoch of a field with a time: ISO 8601, with UTC where it names no zone, or a number of milliseconds. Of several values the
 * first that is a time; undefined where none is.
 */
export function momentOf(value: FieldValue | undefined): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null) {
    for (const member of value) {
      const moment = scalarMoment(member)
      if (moment !== undefined) return moment
    }
    return undefined
  }
  return scalarMoment(value)
}

function scalarMoment(value: Scalar): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(Math.floor(value)) ? Math.floor(value) : undefined
  return typeof value === 'string' && value.length <= 40 ? textMoment(value) : undefined
}

function textMoment(text: string): number | undefined {
  const parts = timestamp.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = parts
  const thousandths = Number(fraction.padEnd(3, '0').slice(0, 3))
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), thousandths)
  if (zone === 'Z' || zone === 'z') return utc
  const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return utc - (zone.startsWith('-') ? -offset : offset) * 60_000
}

/** Most times are written so. */
const plainLength = '2026-03-01T09:00:00.000Z'.length

/** The same of a time's bytes, which are ASCII, without making a text of those that are written as JavaScript writes them. */
export function momentAt(bytes: Buffer, start: number, end: number): number | undefined {
  const digits = (at: number, count: number) => {
    let number = 0
    for (let n = at; n < at + count; n++) {
      const digit = bytes[n]! - 0x30
      if (digit < 0 || digit > 9) return Number.NaN
      number = number * 10 + digit
    }
    return number
  }
  if (end - start === plainLength && bytes[end - 1] === 0x5a && bytes[start + 10] === 0x54 && bytes[start + 19] === 0x2e) {
    const [year, month, day] = [digits(start, 4), digits(start + 5, 2), digits(start + 8, 2)]
    const [hour, minute, second] = [digits(start + 11, 2), digits(start + 14, 2), digits(start + 17, 2)]
    const punctuated = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d && bytes[start + 13] === 0x3a && bytes[start + 16] === 0x3a
    const moment = Date.UTC(year, month - 1, day, hour, minute, second, digits(start + 20, 3))
    if (punctuated && year >= 100 && !Number.isNaN(moment)) return moment
  }
  return textMoment(bytes.toString('latin1', start, Math.min(end, start + 41)))
}
