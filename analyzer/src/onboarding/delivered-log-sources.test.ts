import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliveredLogSources } from './delivered-log-sources.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-parsers-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function parser(name: string, yaml: string): void {
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'parser.yml'), yaml)
}
const source = (...parsers: string[]) =>
  sourceSchema.parse({ id: 'web', name: { vi: 'a', en: 'a' }, agency: 'attt', transport: 'http', parsers })
const delivered = (...parsers: string[]) => deliveredLogSources([source(...parsers)], [folder])

test('a parser delivers the log source that it names', async () => {
  parser('nginx', 'logsource: { category: webserver, product: nginx }\nsteps: []')
  parser('openssh', 'logsource: { product: linux, service: sshd }')
  expect(await delivered('nginx', 'openssh')).toEqual([
    { category: 'webserver', product: 'nginx' },
    { product: 'linux', service: 'sshd' },
  ])
})

test('one that maps the log source delivers each value of the map, or none', async () => {
  parser(
    'json',
    'logsource: {}\nsteps:\n  - when: { field: x }\n    steps:\n      - map: { field: event.module, to: vonggac.logsource.product, values: { a: windows, b: linux } }',
  )
  expect(await delivered('json')).toEqual([{}, { product: 'windows' }, { product: 'linux' }])
})

test.each([
  ['takes it over from the event', 'logsource: {}\nsteps:\n  - rename: { kind: vonggac.logsource.product }'],
  ['sets it by itself', 'logsource: {}\nsteps:\n  - set: { vonggac.logsource.product: nginx }'],
  ['is no parser', 'logsource: 7'],
  ['nests without end', '['.repeat(20_000)],
])('a parser that %s makes it unknown', async (_what, yaml) => {
  parser('other', yaml)
  expect(await delivered('other')).toBeUndefined()
})

test('a parser that is not at hand makes it unknown', async () => {
  expect(await delivered('gone')).toBeUndefined()
})
