import { expect, test } from 'vitest'
import { deliveredLogSources } from './delivered-log-sources.ts'

test('a parser delivers the log source that it names', () => {
  expect(deliveredLogSources('logsource: { category: webserver, product: nginx }\nsteps: []')).toEqual([
    { category: 'webserver', product: 'nginx' },
  ])
})

test('one that maps the log source delivers each value of the map, or none', () => {
  const yaml =
    'logsource: {}\nsteps:\n  - when: { field: x }\n    steps:\n      - map: { field: event.module, to: vonggac.logsource.product, values: { a: windows, b: linux } }'
  expect(deliveredLogSources(yaml)).toEqual([{}, { product: 'windows' }, { product: 'linux' }])
})

test.each([
  ['takes it over from the event', 'logsource: {}\nsteps:\n  - rename: { kind: vonggac.logsource.product }'],
  ['sets it by itself', 'logsource: {}\nsteps:\n  - set: { vonggac.logsource.product: nginx }'],
  ['is no parser', 'logsource: 7'],
  ['nests without end', '['.repeat(20_000)],
])('a parser that %s makes it unknown', (_what, yaml) => {
  expect(deliveredLogSources(yaml)).toBeUndefined()
})
