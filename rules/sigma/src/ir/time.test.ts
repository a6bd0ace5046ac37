import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOnSide, momentOf, timePartOf } from './time.ts'

describe('moments', () => {
  it.each([
    ['2026-11-22', '2026-11-22T00:00:00Z'],
    ['2026-11-22T03:04', '2026-11-22T03:04:00Z'],
    ['2026-11-22 03:04:05', '2026-11-22T03:04:05Z'],
    ['2026-11-22T03:04:05.999Z', '2026-11-22T03:04:05.999Z'],
    ['2026-11-22T03:04:05.0019Z', '2026-11-22T03:04:05.001Z'],
    ['2026-11-22t03:04:05,1z', '2026-11-22T03:04:05.100Z'],
    ['2026-11-22T03:04:05+07:00', '2026-11-21T20:04:05Z'],
    ['2026-11-22T03:04:05-0330', '2026-11-22T06:34:05Z'],
    ['2026-11-22T03:04:05 +05:45', '2026-11-21T21:19:05Z'],
    ['2026-11-22+07:00', '2026-11-21T17:00:00Z'],
    ['2026-13-01 24:60:61', '2027-01-02T01:01:01Z'],
    ['0099-01-01', '0099-01-01T00:00:00Z'],
    ['0000-01-01', '0000-01-01T00:00:00Z'],
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
    expect(momentOf(9e15)).toBeUndefined()
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

it('a time is since or before another, however it is written', () => {
  const instants = fc.integer({ min: Date.UTC(2019, 11, 30), max: Date.UTC(2030, 0, 2) })
  const near = fc.tuple(instants, fc.constantFrom(-86_400_000, -1000, -100, -10, -1, 0, 1, 10, 100, 1000, 86_400_000))
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(instants, instants),
        near.map(([at, by]) => [at, at + by] as const),
      ),
      fc.constantFrom(1, 10, 1000, 60_000),
      ([instant, value], grain) => {
        const at = Math.floor(instant / grain) * grain
        const written = new Date(value).toISOString()
        const inVietnam = `${new Date(value + 7 * 3_600_000).toISOString().slice(0, -1)}+07:00`
        const forms = [
          value,
          written,
          inVietnam,
          written.replace('T', ' '),
          written.replace('Z', '999Z'),
          written.replace('Z', '+00:00'),
          written.replace(/\.?0+Z$/, 'Z'),
        ]
        for (const form of forms) {
          const [since, before] = (['since', 'before'] as const).map((side) => isOnSide(form, { kind: 'moment', side, at }))
          expect({ form, since, before }).toEqual({ form, since: value >= at, before: value < at })
        }
      },
    ),
    { numRuns: 300 },
  )
})

it.each(['x2026-07-28T00:00:00Z', '1785238515945', '2026', true, null])('%j is neither since nor before a time', (value) => {
  for (const side of ['since', 'before'] as const) expect(isOnSide(value, { kind: 'moment', side, at: Date.UTC(2026, 0) })).toBe(false)
})
