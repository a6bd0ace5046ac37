import { fileURLToPath } from 'node:url'
import type { Calendar } from '@vonggac/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dayOf, isOrdinaryDay, momentAfter } from './expected-time.ts'
import { readHolidays } from './holidays.ts'

const holidays = await readHolidays(fileURLToPath(new URL('../../../../playbooks/calendars/vn-holidays.yml', import.meta.url)))
const office: Calendar = { kind: 'hours', days: [1, 2, 3, 4, 5], from: '07:30', to: '17:00', restsOnHolidays: true }
/** Of Asia/Ho_Chi_Minh. */
const at = (local: string) => Date.parse(`${local}:00+07:00`)
const after = (calendar: Calendar, from: string, minutes: number) => {
  const moment = momentAfter(calendar, at(from), minutes, holidays)
  return moment === undefined ? undefined : new Date(moment + 7 * 3_600_000).toISOString().slice(0, 16)
}

it('counts every minute of a source that always sends', () => {
  expect(after({ kind: 'always' }, '2026-11-22T03:00', 15)).toBe('2026-11-22T03:15')
})

it.each([
  ['within the hours', '2026-11-23T09:00', '2026-11-23T09:15'],
  ['over a night', '2026-11-23T16:50', '2026-11-24T07:35'],
  ['from before the hours', '2026-11-23T04:00', '2026-11-23T07:45'],
  ['over a weekend', '2026-11-20T16:55', '2026-11-23T07:40'],
  ['over 30 April and 1 May', '2026-04-29T17:00', '2026-05-04T07:45'],
  ['over Tết', '2026-02-13T16:50', '2026-02-23T07:35'],
  ['over the Hùng Kings’ day, the tenth of the third lunar month', '2027-04-15T17:00', '2027-04-19T07:45'],
])('counts minutes of office hours alone: %s', (_, from, to) => {
  expect(after(office, from, 15)).toBe(to)
})

it('works on holidays where the calendar says so', () => {
  expect(after({ ...office, restsOnHolidays: false }, '2026-02-16T16:50', 15)).toBe('2026-02-17T07:35')
})

it('lets a night shift belong to the day on which it begins', () => {
  const night: Calendar = { ...office, days: [5], from: '22:00', to: '06:00' }
  expect(after(night, '2026-11-21T05:50', 15)).toBe('2026-11-27T22:05')
  expect(after({ ...night, days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '08:00' }, '2026-11-21T07:50', 15)).toBe('2026-11-21T08:05')
})

it('never waits less than the minutes, and exactly so many where it always sends', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 })
  const time = fc
    .integer({ min: 0, max: 1_439 })
    .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
  const start = fc.integer({ min: at('2026-01-01T00:00'), max: at('2027-01-01T00:00') })
  fc.assert(
    fc.property(days, time, time, fc.boolean(), start, fc.integer({ min: 1, max: 300 }), (on, from, to, rests, since, minutes) => {
      const moment = momentAfter({ kind: 'hours', days: on, from, to, restsOnHolidays: rests }, since, minutes, holidays)
      expect(moment).toBeGreaterThanOrEqual(since + minutes * 60_000)
    }),
    { numRuns: 100 },
  )
})

it('knows ordinary days', () => {
  const day = (date: string) => dayOf(at(`${date}T12:00`))
  expect(
    ['2026-11-20', '2026-11-21', '2026-09-02', '2026-12-31', '2027-01-01'].map((date) => isOrdinaryDay(office, day(date), holidays)),
  ).toEqual([true, false, false, true, false])
})
