import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClf, parseClfLocal, parseIsoLocal, parseRfc3164, parseRfc3339 } from './time.ts'

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())
const city = 'Asia/Ho_Chi_Minh'

describe('RFC 3164 times', () => {
  const read = (text: string, received: string, zone = city) => iso(parseRfc3164(text, Date.parse(received), zone))

  it('are in the zone of the source', () => {
    expect(read('Nov 22 11:00:00', '2026-11-22T04:00:01Z')).toBe('2026-11-22T04:00:00.000Z')
    expect(read('Nov  2 11:00:00.25', '2026-11-02T04:00:01Z', 'UTC')).toBe('2026-11-02T11:00:00.250Z')
  })
  it('take the year nearest to their receipt, on both sides of New Year', () => {
    expect(read('Dec 31 23:59:59', '2026-12-31T17:00:05Z')).toBe('2026-12-31T16:59:59.000Z')
    expect(read('Jan  1 00:00:03', '2026-12-31T16:59:58Z')).toBe('2026-12-31T17:00:03.000Z')
    expect(read('Dec 31 23:00:00', '2027-01-01T01:00:00Z')).toBe('2026-12-31T16:00:00.000Z')
  })
  it('know leap days and follow summer time', () => {
    expect(read('Feb 29 12:00:00', '2028-03-01T00:00:00Z', 'UTC')).toBe('2028-02-29T12:00:00.000Z')
    expect(read('Feb 29 12:00:00', '2027-03-01T00:00:00Z', 'UTC')).toBe('2028-02-29T12:00:00.000Z')
    expect(read('Jul  1 12:00:00', '2026-07-01T10:00:00Z', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z')
    expect(read('Jan  1 12:00:00', '2026-01-01T11:00:00Z', 'Europe/Berlin')).toBe('2026-01-01T11:00:00.000Z')
  })
  it('with a year take that', () => expect(read('Nov 22 2024 11:00:00', '2026-11-22T04:00:01Z')).toBe('2024-11-22T04:00:00.000Z'))
  it('are not taken for the same time before, of another zone or year', () => {
    const text = 'Nov 22 11:00:00'
    expect(read(text, '2026-11-22T04:00:01Z')).toBe('2026-11-22T04:00:00.000Z')
    expect(read(text, '2026-11-22T04:00:01Z', 'UTC')).toBe('2026-11-22T11:00:00.000Z')
    expect(read(text, '2027-11-22T04:00:01Z', 'UTC')).toBe('2027-11-22T11:00:00.000Z')
  })
  it.each(['Nov 31 11:00:00', 'Foo 22 11:00:00', 'Nov 22 25:00:00', 'Nov 22', ''])('are not "%s"', (text) => {
    expect(read(text, '2026-11-22T04:00:01Z')).toBeUndefined()
  })
})

it.each(['2026-11-22T11:00:00.5+07:00', '2026-11-22 11:00:00,5+0700', '2026-11-22T04:00:00.500000123Z', '2026-11-22t04:00:00.5z'])(
  'reads %s',
  (text) => {
    expect(iso(parseRfc3339(text))).toBe('2026-11-22T04:00:00.500Z')
  },
)

it.each(['2026-11-22', '2026-13-22T00:00:00Z', 'now'])('does not read "%s"', (text) => expect(parseRfc3339(text)).toBeUndefined())

it('reads the times of access logs and times without a zone', () => {
  expect(iso(parseClf('22/Nov/2026:11:00:00 +0700'))).toBe('2026-11-22T04:00:00.000Z')
  expect(iso(parseClf('22/Nov/2026:11:00:00 -0330'))).toBe('2026-11-22T14:30:00.000Z')
  expect(parseClf('32/Nov/2026:11:00:00 +0700')).toBeUndefined()
  for (const zone of [city, 'UTC']) {
    const hour = zone === 'UTC' ? '11' : '04'
    for (const [fraction, ms] of [
      ['.250', '250'],
      ['.004', '004'],
      ['', '000'],
      ['.25', '250'],
      ['.123456', '123'],
    ]) {
      expect(iso(parseClfLocal(`22/Nov/2026:11:00:00${fraction}`, zone))).toBe(`2026-11-22T${hour}:00:00.${ms}Z`)
    }
  }
  for (const broken of ['22/Nov/2026:11:00:00.', '22/Nov/2026:11:00:00.1x3', '32/Nov/2026:11:00:00.123'])
    expect(parseClfLocal(broken, city)).toBeUndefined()
  expect(iso(parseIsoLocal('2026-11-22 11:00:00', city))).toBe('2026-11-22T04:00:00.000Z')
})

it('reads what Date writes, also with finer digits', () => {
  const times = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })
  fc.assert(
    fc.property(times, fc.stringMatching(/^\d{0,6}$/), (ms, finer) => {
      expect(parseRfc3339(new Date(ms).toISOString().replace('Z', `${finer}Z`))).toBe(ms)
    }),
  )
})
