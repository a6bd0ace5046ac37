import { sourceDraftSchema, type RegisteredSource } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { draftOf, newSource, valuesOf, type SourceValues } from './source-values.ts'
import { ways } from './ways.ts'

const system = { id: 's1', name: 'Cổng công dân', agency: 'congdan' }
const values: SourceValues = { ...newSource, name: ' Tường lửa ', id: 'tuong-lua', system: 's1', parsers: ['fortigate'] }

it.each(ways)('makes a draft that the API takes, and the form back from it: %s', (way) => {
  const typed: SourceValues = {
    ...values,
    way,
    from: way === 'http' ? '' : '10.0.0.1\n10.1.0.0/16',
    hosts: way === 'syslog' ? 'fw-01' : '',
    calendar: 'hours',
    days: [5, 1],
    eventsPerDay: 20_000,
    eventsPerHour: Array.from({ length: 168 }, (_, hour) => hour),
    retentionDays: 90,
  }
  const draft = sourceDraftSchema.parse(draftOf(typed, system))
  expect(draft.config).toMatchObject({ agency: 'congdan', system: 'Cổng công dân', name: { vi: 'Tường lửa', en: 'Tường lửa' } })
  const registered: RegisteredSource = {
    ...draft,
    id: draft.config.id,
    version: 1,
    createdAt: '2026-11-22T00:00:00Z',
    updatedAt: '2026-11-22T00:00:00Z',
    tokens: [],
    certificates: [],
  }
  expect(valuesOf(registered)).toEqual({ ...typed, name: 'Tường lửa', days: [1, 5] })
})

it('leaves out what was not said', () => {
  const draft = sourceDraftSchema.parse(draftOf(values, system))
  expect(draft.expectation).toEqual({ calendar: { kind: 'always' }, silenceMinutes: 15, eventsPerDay: null, eventsPerHour: null })
  expect(draft.retentionDays).toBeNull()
})
