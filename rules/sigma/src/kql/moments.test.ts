import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { satisfies, type ValueTest } from '../ir/evaluate.ts'
import { readMoment, timeTest } from './moments.ts'

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

it('compares times as numbers would be compared', () => {
  const instants = fc.integer({ min: Date.UTC(2019, 11, 30), max: Date.UTC(2030, 0, 2) })
  const near = fc.tuple(instants, fc.constantFrom(-86_400_000, -1000, -100, -10, -1, 0, 1, 10, 100, 1000, 86_400_000))
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(instants, instants),
        near.map(([at, by]) => [at, at + by] as const),
      ),
      fc.constantFrom(1, 10, 1000, 60_000),
      ([at, value], grain) => {
        const bound = Math.floor(at / grain) * grain
        const written = new Date(value).toISOString()
        const forms = [
          written,
          written.replace('T', ' '),
          written.replace('Z', '000Z'),
          written.replace('Z', '+00:00'),
          written.replace(/\.?0+Z$/, 'Z'),
        ]
        const [since, before] = [timeTest('since', bound), timeTest('before', bound)] as [ValueTest, ValueTest]
        for (const form of forms) {
          expect({ form, since: satisfies(since, form), before: satisfies(before, form) }).toEqual({
            form,
            since: value >= bound,
            before: value < bound,
          })
        }
      },
    ),
    { numRuns: 300 },
  )
})

it.each(['2026-07-28', 'x2026-07-28T00:00:00Z', '2026-07-28T00:00:00+07:00', '1785238515945'])('%s is no time of an event', (value) => {
  for (const side of ['since', 'before'] as const) expect(satisfies(timeTest(side, Date.UTC(2026, 0)) as ValueTest, value)).toBe(false)
})
