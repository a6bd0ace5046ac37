import type { FieldValue, Scalar } from '@vonggac/contract'
import { momentOf } from '@vonggac/sigma'

/** Milliseconds since the epoch of a field with a time, as predicates read it. Of several values the first that is a time; undefined where none is. */
export function occurredAt(value: FieldValue | undefined): number | undefined {
  if (value === undefined) return undefined
  const members = (typeof value === 'object' && value !== null ? value : [value]) as readonly Scalar[]
  for (const member of members) {
    const moment = momentOf(member)
    if (moment !== undefined) return Math.floor(moment)
  }
  return undefined
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
  return momentOf(bytes.toString('latin1', start, Math.min(end, start + 41)))
}
