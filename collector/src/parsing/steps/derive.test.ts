import { describe, expect, it } from 'vitest'
import { readParser } from '../load.ts'
import { run } from './testing.ts'

describe('switch', () => {
  const steps = `
- switch: { field: message, until: ' ' }
  cases:
    - is: [Built, Teardown]
      steps: [{ set: { kind: connection } }, { dissect: { pattern: '%{} %{what} connection' } }]
    - is: Deny
      steps: [{ set: { kind: denied } }]
  otherwise: [{ append: { tags: [unknown-message] } }]`

  it('takes the case of the first word, and its steps may end the parser', () => {
    expect(run(steps, 'Built TCP connection')).toMatchObject({ kind: 'connection', what: 'TCP' })
    expect(run(steps, 'Built nothing')).toBeUndefined()
    expect(run(steps, 'Deny x')).toMatchObject({ kind: 'denied' })
    expect(run(steps, 'Denying x')).toMatchObject({ tags: ['unknown-message'] })
  })
  it('passes over what has no case, and refuses a value with two', () => {
    expect(run('- switch: { field: missing }\n  cases: [{ is: 1, steps: [{ set: { a: 1 } }] }]', 'x')).toEqual({ message: 'x' })
    const twice =
      'description: d\ndataset: d\nlogsource: {}\nsteps:\n  - switch: {}\n    cases:\n      - { is: a, steps: [{ set: { a: 1 } }] }\n      - { is: a, steps: [{ set: { a: 1 } }] }\n'
    expect(() => readParser('p', twice)).toThrow('p/parser.yml:8: steps[0].cases[1].is: "a" has a case already')
  })
  it('may fail where its cases may, so that it is no later step of an alternative', () => {
    const late = `description: d\ndataset: d\nlogsource: {}\nsteps:\n  - first:\n      - - set: { a: 1 }\n        - switch: {}\n          cases: [{ is: a, steps: [{ json: {} }] }]\n`
    expect(() => readParser('p', late)).toThrow('only the first step of an alternative may fail')
  })
})

describe('steps that make a field of others', () => {
  it('format, sum and append take what is there', () => {
    const steps = `
- kv: {}
- convert: { fields: { a: integer, b: integer } }
- format: { time: '%{day}T%{clock}Z', never: '%{day} %{missing}' }
- sum: { total: [a, b, missing], none: [missing] }
- append: { tags: [one, two] }
- append: { tags: [two, three] }
- map: { field: action, to: event.type, values: { deny: [connection, denied] } }
- date: { field: time, formats: [rfc3339] }
- split: { list: ',', day: ';' }
- pick: { head: list, same: action, none: missing }
- remove: [message]`
    expect(run(steps, 'day=2026-11-22 clock=03:00:00 a=1 b=2 action=deny list=x,,y')).toEqual({
      day: ['2026-11-22'],
      list: ['x', 'y'],
      head: 'x',
      same: 'deny',
      clock: '03:00:00',
      a: 1,
      b: 2,
      total: 3,
      tags: ['one', 'two', 'three'],
      action: 'deny',
      'event.type': ['connection', 'denied'],
      time: '2026-11-22T03:00:00.000Z',
    })
  })
  it.each([
    ['s', '12', 12e9],
    ['s', '0.25', 25e7],
    ['ms', '12', 12e6],
    ['us', '12', 12e3],
    ['ns', '12', 12],
    ['clock', '1:02:03', 3723e9],
    ['clock', '1d 0:00:01', 86401e9],
    ['clock', '0h:01m:30s', 90e9],
    ['s', 'long', undefined],
    ['s', '999999999999', undefined],
  ])('a duration in %s: %s', (unit, text, expected) => {
    expect(run(`- rename: { message: d }\n- duration: { field: d, unit: ${unit} }`, text)?.['event.duration']).toBe(expected)
  })
  it('require ends the parser without the field or the value', () => {
    expect(run('- require: { field: message, is: [a, 1] }', '1')).toBeDefined()
    expect(run('- require: { field: message, is: [a, 1] }', '2')).toBeUndefined()
    expect(run('- require: { field: missing }', '2')).toBeUndefined()
    expect(run('- require: { field: message, not: 2 }', '1')).toBeDefined()
    expect(run('- require: { field: message, not: 2 }', '2')).toBeUndefined()
  })
})

it.each([
  ['clf', '22/Nov/2026:10:00:00.25 +0700', '2026-11-22T03:00:00.250Z'],
  ['clf-local', '22/Nov/2026:03:00:00.5', '2026-11-22T03:00:00.500Z'],
  ['ctime', 'Sun Nov 22 03:00:00.123456 2026', '2026-11-22T03:00:00.123Z'],
  ['ctime', 'Nov  2 03:00:00 2026', '2026-11-02T03:00:00.000Z'],
  ['month-day', '11/22-03:00:00.123456', '2026-11-22T03:00:00.123Z'],
  ['month-day', '01/02-03:00:00', '2027-01-02T03:00:00.000Z'],
  ['month-day', '25/11/22-03:00:00', '2025-11-22T03:00:00.000Z'],
  ['month-day', '11/22/26-03:00:00.5', '2026-11-22T03:00:00.500Z'],
  ['iso-local', '2026/11/22 03:00:00', '2026-11-22T03:00:00.000Z'],
  ['epoch-s', '1795320000.123', '2026-11-22T04:00:00.123Z'],
  ['epoch-ns', '1795320000123456789', '2026-11-22T04:00:00.123Z'],
])('date %s reads %s', (format, text, expected) => {
  expect(run(`- rename: { message: t }\n- date: { field: t, formats: [${format}] }`, text)).toMatchObject({ time: expected })
  expect(run(`- rename: { message: t }\n- date: { field: t, formats: [${format}] }`, `x${text}`)).toBeUndefined()
})
