import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dayOfLunar } from './lunar.ts'

/** First days of Tết as they were, or are foretold, in Viet Nam; in 2007 and 2030 a day before China's. */
const tet =
  `2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-17 2008-02-07 2009-01-26 2010-02-14 2011-02-03
2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10
2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08`.split(/\s+/)

const dateOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)

it('knows the day of Tết from 2000 to 2035', () => {
  expect(tet.map((date) => dateOf(dayOfLunar({ year: Number(date.slice(0, 4)), month: 1, day: 1 })))).toEqual(tet)
})

it('knows the tenth of the third month, also after a leap month', () => {
  expect([2023, 2024, 2025, 2026].map((year) => dateOf(dayOfLunar({ year, month: 3, day: 10 })))).toEqual([
    '2023-04-29',
    '2024-04-18',
    '2025-04-07',
    '2026-04-26',
  ])
})

it('has months of 29 or 30 days, and years of 12 or 13 months that begin between 19 January and 21 February', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1901, max: 2099 }), fc.integer({ min: 1, max: 11 }), (year, month) => {
      const [start, next] = [dayOfLunar({ year, month, day: 1 }), dayOfLunar({ year, month: month + 1, day: 1 })]
      expect([29, 30, 58, 59, 60]).toContain(next - start)
      const [newYear, nextYear] = [dayOfLunar({ year, month: 1, day: 1 }), dayOfLunar({ year: year + 1, month: 1, day: 1 })]
      expect([354, 355, 353, 383, 384, 385]).toContain(nextYear - newYear)
      expect(dateOf(newYear) >= `${year}-01-19` && dateOf(newYear) <= `${year}-02-21`).toBe(true)
    }),
  )
})
