import { describe, expect, it } from 'vitest'
import { readMoment } from './moments.ts'

/** A Wednesday. */
const now = new Date('2026-07-29T11:35:15.945Z')
const vietnam = 420

describe('a date stands for a stretch of time', () => {
  it.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-07-28', '2026-07-28T00:00:00.000Z', '2026-07-29T00:00:00.000Z'],
    ['2026-07-28T11', '2026-07-28T11:00:00.000Z', '2026-07-28T12:00:00.000Z'],
    ['2026-07-28 11:35', '2026-07-28T11:35:00.000Z', '2026-07-28T11:36:00.000Z'],
    ['2026-07-28T11:35:15+0700', '2026-07-28T04:35:15.000Z', '2026-07-28T04:35:16.000Z'],
    ['2026-07-28T11:35:15.94-01:30', '2026-07-28T13:05:15.940Z', '2026-07-28T13:05:15.941Z'],
    ['now', '2026-07-29T11:35:15.945Z', '2026-07-29T11:35:15.946Z'],
    ['now-1d', '2026-07-28T11:35:15.945Z', '2026-07-28T11:35:15.946Z'],
    ['now-1d/d', '2026-07-28T00:00:00.000Z', '2026-07-29T00:00:00.000Z'],
    ['now/w', '2026-07-27T00:00:00.000Z', '2026-08-03T00:00:00.000Z'],
    ['now/h+30m', '2026-07-29T11:30:00.000Z', '2026-07-29T12:30:00.000Z'],
    ['now/y', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-01-31||+1M', '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29||+1y', '2025-02-28T00:00:00.000Z', '2025-03-01T00:00:00.000Z'],
  ])('%s', (text, from, until) => {
    const stretch = readMoment(text, { now })
    expect([stretch?.from, stretch?.until].map((at) => new Date(at ?? Number.NaN).toISOString())).toEqual([from, until])
  })

  it('of the zone that is given, where it names none', () => {
    const from = (text: string) => new Date(readMoment(text, { now, zoneMinutes: vietnam })?.from ?? Number.NaN).toISOString()
    expect(from('2026-07-28')).toBe('2026-07-27T17:00:00.000Z')
    expect(from('2026-07-28T00:00Z')).toBe('2026-07-28T00:00:00.000Z')
    expect(from('now/d')).toBe('2026-07-28T17:00:00.000Z')
    expect(from('now/M')).toBe('2026-06-30T17:00:00.000Z')
  })

  it.each([
    '',
    'x',
    '5',
    '2026-02-30',
    '2026-13',
    '2026-07-28T25',
    'now-1',
    'now-1x',
    '-1d',
    '0000||-1y',
    '9999',
    'now+999999y',
    'nowhere',
  ])('%j is none', (text) => {
    expect(readMoment(text, { now })).toBeUndefined()
  })

  it('now is none where nothing says when that is', () => {
    expect(readMoment('now-1d', {})).toBeUndefined()
  })
})
