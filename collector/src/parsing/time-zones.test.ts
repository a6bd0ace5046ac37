import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseIsoLocal, parseRfc3164 } from './time.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const zones = ['Asia/Ho_Chi_Minh', 'UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia'] as const

/** `Nov  2 11:00:00`, as a device in the zone writes the moment. */
function written(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms)
  const of = (type: string) => parts.find((part) => part.type === type)!.value
  return `${of('month')} ${of('day').padStart(2)} ${of('hour')}:${of('minute')}:${of('second')}`
}

const moments = fc
  .integer({ min: Date.parse('2024-01-01T00:00:00Z') / 1_000, max: Date.parse('2032-01-01T00:00:00Z') / 1_000 })
  .map((s) => s * 1_000)
/** A device's clock runs ahead by a day at most; a frame that waited on the way comes months later. */
const delays = fc.integer({ min: -day, max: 150 * day })

it('reads what any device wrote, whenever it comes; only the hour that summer time repeats is told from its other', () => {
  fc.assert(
    fc.property(moments, delays, fc.constantFrom(...zones), (ms, delay, zone) => {
      const off = parseRfc3164(written(ms, zone), ms + delay, zone)! - ms
      expect(Math.abs(off) <= hour && off % (30 * minute) === 0).toBe(true)
      if (zone === 'UTC' || zone === 'Asia/Ho_Chi_Minh') expect(off).toBe(0)
    }),
  )
})

it('goes over New Year without a leap of a year, second by second on both sides', () => {
  const newYear = Date.parse('2027-01-01T00:00:00+07:00')
  for (let ms = newYear - 5_000; ms <= newYear + 5_000; ms += 1_000) {
    for (const received of [ms - 2 * hour, ms, ms + 2 * hour]) {
      expect(parseRfc3164(written(ms, 'Asia/Ho_Chi_Minh'), received, 'Asia/Ho_Chi_Minh')).toBe(ms)
    }
  }
})

it('reads a time of the hour that summer time leaves out as a moment beside it', () => {
  const change = Date.parse('2026-03-29T01:00:00Z')
  for (let minutes = 0; minutes < 60; minutes++) {
    const text = String(minutes).padStart(2, '0')
    const read = [
      parseIsoLocal(`2026-03-29 02:${text}:00`, 'Europe/Berlin')!,
      parseRfc3164(`Mar 29 02:${text}:00`, change, 'Europe/Berlin')!,
    ]
    for (const ms of read) expect(Math.abs(ms - change)).toBeLessThanOrEqual(hour)
  }
})
