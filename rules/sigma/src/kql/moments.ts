/** Dates and times in queries. What is written stands for a stretch of time: a day, an hour, a millisecond. */

/** Milliseconds since the epoch: `from` inclusive, `until` exclusive. */
export interface Stretch {
  readonly from: number
  readonly until: number
}

export interface MomentOptions {
  /** What `now` means; without it such dates are refused. */
  readonly now?: Date
  /** East of UTC, for dates that name no zone: 420 in Vietnam. Default 0. */
  readonly zoneMinutes?: number
}

/** The stretch that a date, a time, or date math (`now-1d/d`, `2026-07-28||+1M`) names; undefined where it names none. */
export function readMoment(text: string, { now, zoneMinutes = 0 }: MomentOptions): Stretch | undefined {
  if (text.length > 80) return undefined
  const zone = zoneMinutes * 60_000
  const [, anchor, steps = ''] = /^(now|[^|]+?(?=\|\||$))(?:\|\|)?((?:[-+]\d{1,6}[yMwdhHms]|\/[yMwdhHms])*)$/.exec(text) ?? []
  if (anchor === undefined) return undefined
  const start = anchor === 'now' ? now && instant(now.getTime()) : readIso(anchor, zone)
  if (start === undefined) return undefined
  const stretch = Array.from(steps.matchAll(/([-+]\d+|\/)(.)/g)).reduce(
    (current, [, step, unit]) => applyStep(current, step as string, unit as Unit, zone),
    start,
  )
  return isStorable(stretch.from) && isStorable(stretch.until) ? stretch : undefined
}

function instant(at: number): Stretch {
  return { from: at, until: at + 1 }
}

/** Years of four digits. */
function isStorable(at: number): boolean {
  return at >= -62_167_219_200_000 && at <= 253_402_300_799_999
}

const iso = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i
const lengths = ['y', 'M', 'd', 'h', 'm', 's'] as const

function readIso(text: string, zone: number): Stretch | undefined {
  const found = iso.exec(text)
  if (found === null) return undefined
  const [, ...parts] = found
  const [year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = ''] = parts
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
  const utc = Date.parse(written)
  // `2026-02-30` would quietly become a day in March.
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== written) return undefined
  const from = utc - (parts[7] === undefined ? zone : offsetOf(parts[7]))
  if (fraction !== '') return instant(from)
  const unit = lengths[parts.slice(0, 6).findLastIndex((part) => part !== undefined)] as Unit
  return { from, until: added(from, 1, unit, zone) }
}

function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0
  const [, hours, minutes = '00'] = /(\d\d):?(\d\d)?$/.exec(zone.slice(1)) as unknown as string[]
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

type Unit = 'y' | 'M' | 'w' | 'd' | 'h' | 'H' | 'm' | 's'

const fixed: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, H: 3_600_000, m: 60_000, s: 1000 }

function applyStep(stretch: Stretch, step: string, unit: Unit, zone: number): Stretch {
  if (step !== '/') return { from: added(stretch.from, Number(step), unit, zone), until: added(stretch.until, Number(step), unit, zone) }
  const from = startOf(stretch.from, unit, zone)
  return { from, until: added(from, 1, unit, zone) }
}

/** Months are those of the calendar, and the 31st stays in a month that has no 31st. */
function added(at: number, count: number, unit: Unit, zone: number): number {
  const milliseconds = fixed[unit]
  if (milliseconds !== undefined) return at + count * milliseconds
  const date = new Date(at + zone)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + count * (unit === 'y' ? 12 : 1))
  date.setUTCDate(Math.min(day, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()))
  return date.getTime() - zone
}

function startOf(at: number, unit: Unit, zone: number): number {
  const local = at + zone
  const date = new Date(local)
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0, 1) - zone
  if (unit === 'M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - zone
  // The epoch was a Thursday; weeks begin on Monday.
  const shift = unit === 'w' ? 3 * 86_400_000 : 0
  const length = fixed[unit] as number
  return Math.floor((local + shift) / length) * length - shift - zone
}
