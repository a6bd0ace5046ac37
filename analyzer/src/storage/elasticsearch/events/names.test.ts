import { systemScope } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { EventNames } from './names.ts'

const names = new EventNames('vonggac', ['Netflow v9'])
const port = { ...systemScope('test'), agency: 'port' }

it('names streams after whose events they hold', () => {
  expect(names.streamOf('port', 'nginx.access')).toBe('vonggac-events-port')
  expect(names.streamOf('port', 'Netflow v9')).toBe('vonggac-events-port.netflow_v9')
  for (const agency of [undefined, null, ['port'], 'Port,health', '*']) expect(names.streamOf(agency, 'x')).toBe('vonggac-events-_other')
})

it('lets a scope look into its own streams alone', () => {
  expect(names.patternOf(systemScope('test'))).toBe('vonggac-events-*')
  expect(names.patternOf(port)).toBe('vonggac-events-port,vonggac-events-port.*')
  expect(names.patternOf({ agency: '*,-x' })).toBeUndefined()
})

it('reads from a backing index whose it is', () => {
  expect(names.holderOf('.ds-vonggac-events-port-authority-2026.11.22-000012')).toEqual({ agency: 'port-authority', isApart: false })
  expect(names.holderOf('vonggac-events-port.netflow_v9')).toEqual({ agency: 'port', isApart: true })
})
