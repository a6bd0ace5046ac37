import { describe, expect, it } from 'vitest'
import { momentOf, timePartOf } from './time.ts'

describe('moments', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00Z'],
    ['2026-11-22T03:04', '2026-11-22T03:04:00Z'],
    ['2026-11-22 03:04:05', '2026-11-22T03:04:05Z'],
    ['2026-11-22T03:04:05.999Z', '2026-11-22T03:04:05Z'],
    ['2026-11-22t03:04:05,1z', '2026-11-22T03:04:05Z'],
    ['2026-11-22T03:04:05+07:00', '2026-11-21T20:04:05Z'],
    ['2026-11-22T03:04:05-0330', '2026-11-22T06:34:05Z'],
    ['2026-11-22T03:04:05 +05:45', '2026-11-21T21:19:05Z'],
    ['2026-11-22+07:00', '2026-11-21T17:00:00Z'],
  ])('%s', (text, moment) => expect(new Date(momentOf(text)!)).toEqual(new Date(moment)))

  it.each([
    '',
    'soon',
    '22/11/2026',
    '2026-11',
    '2026-11-22T03',
    ` 2026-11-22`,
    '2026-11-22 x',
    null,
    true,
    `2026-11-22T03:04:05.1${' '.repeat(40)}`,
  ])('%j names none', (value) => {
    expect(momentOf(value)).toBeUndefined()
    expect(timePartOf(value, 'year')).toBeUndefined()
  })

  it('are milliseconds where they are numbers', () => {
    expect(momentOf(1_000)).toBe(1_000)
    expect(timePartOf(Date.UTC(2026, 10, 22), 'day')).toBe(22)
    expect(timePartOf(9e15, 'day')).toBeUndefined()
  })

  it('have parts', () => {
    const parts = (['minute', 'hour', 'day', 'week', 'month', 'year'] as const).map((part) => timePartOf('2026-11-22T23:59:00Z', part))
    expect(parts).toEqual([59, 23, 22, 47, 11, 2026])
  })

  it.each([
    ['2024-12-29', 52],
    ['2024-12-30', 1],
    ['2021-01-03', 53],
    ['2021-01-04', 1],
    ['2026-01-01', 1],
  ])('%s is in week %i', (day, week) => expect(timePartOf(day, 'week')).toBe(week))
})
