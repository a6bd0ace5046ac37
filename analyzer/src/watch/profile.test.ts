import { fileURLToPath } from 'node:url'
import { emptyCounts, type Calendar } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { readHolidays } from './calendar/holidays.ts'
import { learnedVolume } from './profile.ts'

const holidays = await readHolidays(fileURLToPath(new URL('../../../playbooks/calendars/vn-holidays.yml', import.meta.url)))
const hour = 3_600_000
const office: Calendar = { kind: 'hours', days: [1, 2, 3, 4, 5], from: '07:30', to: '17:00', restsOnHolidays: true }
/** A Monday at midnight in the city; the last day that can be judged is the Sunday before. */
const monday = Date.parse('2026-11-22T17:00:00.000Z')
const now = monday + 3 * hour

/** A ledger of so many weeks before: in each hour what the function says, by days before the Monday and the hour of the day. */
function ledgerOf(weeks: number, count: (daysBefore: number, hourOfDay: number) => number) {
  const minutes = Array.from({ length: weeks * 168 }, (_, n) => {
    const at = monday - (n + 1) * hour
    return { at: at + 7 * 60_000, counts: { ...emptyCounts(), received: count(Math.floor(n / 24) + 1, 23 - (n % 24)) } }
  }).filter(({ counts }) => counts.received > 0)
  return { minutes: async (_: string, from: number, to: number) => minutes.filter(({ at }) => at >= from && at < to) }
}

const learn = (ledger: ReturnType<typeof ledgerOf>, calendar: Calendar = { kind: 'always' }, at = now) =>
  learnedVolume(ledger, { source: 'portal', calendar }, holidays, at)

it('takes the middle of what each hour of the week had', async () => {
  // One odd day with a hundred times as much, and one with nothing.
  const ledger = ledgerOf(6, (daysBefore, at) => (daysBefore === 8 ? 100 : daysBefore === 15 ? 0 : 1) * (at + 1))
  const { days, eventsPerDay, eventsPerHour } = await learn(ledger)
  // The first day of the ledger may not be a whole one.
  expect([days, eventsPerDay]).toEqual([41, 300])
  expect(eventsPerHour).toEqual(Array.from({ length: 168 }, (_, n) => (n % 24) + 1))
})

it('learns from the days of the calendar alone, and not from holidays', async () => {
  const ledger = ledgerOf(8, (daysBefore, at) => (daysBefore % 7 === 1 ? 7_000 : at === 9 ? 50 : 0))
  const { days, eventsPerDay, eventsPerHour } = await learn(ledger, office)
  // Eight weeks of five days, without the first.
  expect([days, eventsPerDay]).toEqual([39, 50])
  expect([eventsPerHour![9], eventsPerHour![8], eventsPerHour![6 * 24 + 9]]).toEqual([50, 0, 0])
  // The weeks around Tết of 2026, which rests for days.
  const tet = Date.parse('2026-03-01T17:00:00.000Z')
  const shifted = {
    minutes: async (source: string, from: number, to: number) =>
      (await ledger.minutes(source, from + monday - tet, to + monday - tet)).map(({ at, counts }) => ({ at: at + tet - monday, counts })),
  }
  expect((await learn(shifted, office, tet + 3 * hour)).days).toBeLessThan(36)
})

it('tells nothing of a history that is too short', async () => {
  expect(await learn(ledgerOf(2, () => 10))).toEqual({ days: 13, eventsPerDay: null, eventsPerHour: null })
  expect(await learn(ledgerOf(0, () => 0))).toEqual({ days: 0, eventsPerDay: null, eventsPerHour: null })
})
