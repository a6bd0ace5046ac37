import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readHolidays } from './holidays.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vonggac-holidays-'))))
afterEach(() => rm(folder, { recursive: true }))

async function read(holidays: string) {
  const file = join(folder, 'calendar.yml')
  await writeFile(file, `id: test\ntitle: { vi: Lịch, en: Calendar }\nholidays:\n${holidays}`)
  return readHolidays(file)
}
const common = 'title: { vi: Nghỉ, en: Rest }, source: luật, status: in_force, confidence: recalled'
const day = (date: string) => Date.parse(date) / 86_400_000

it('goes by what was decided for a year, and by the rule in all others', async () => {
  const holidays = await read(
    `  - { id: tet, lunar: 01-01, first: -1, days: 5, decided: { 2027: { first: 2027-02-04, last: 2027-02-10 } }, ${common} }\n`,
  )
  const rests = (...dates: string[]) => dates.map((date) => holidays.has(day(date)))
  expect(rests('2027-02-03', '2027-02-04', '2027-02-10', '2027-02-11')).toEqual([false, true, true, false])
  expect(rests('2026-02-15', '2026-02-16', '2026-02-20', '2026-02-21')).toEqual([false, true, true, false])
})

it('knows the eve of a holiday in the year before, and nothing of one that is switched off', async () => {
  const holidays = await read(
    `  - { id: a, solar: 01-01, first: -1, days: 2, ${common} }\n  - { id: b, solar: 05-05, enabled: false, ${common} }\n`,
  )
  expect(['2026-12-31', '2027-01-01', '2027-05-05'].map((date) => holidays.has(day(date)))).toEqual([true, true, false])
})

it.each([
  ['no day', `  - { id: a, ${common} }\n`, 'holidays.0: a holiday has a solar or a lunar day'],
  ['two days', `  - { id: a, solar: 01-01, lunar: 01-01, ${common} }\n`, 'a solar or a lunar day'],
  ['no such month', `  - { id: a, solar: 13-01, ${common} }\n`, 'holidays.0.solar: a month and a day such as 04-30'],
  ['no YAML', '  - [', 'cannot be read'],
])('refuses a calendar with %s, and names the place', async (_, text, told) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'invalid-configuration', message: expect.stringContaining(told) as string })
})
