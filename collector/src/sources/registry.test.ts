import { sourceSchema, type SourceConfig } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { SourceRegistry } from './registry.ts'

const source = (id: string, rest: object): SourceConfig =>
  sourceSchema.parse({ id, name: { vi: id, en: id }, agency: 'attt', transport: 'syslog', parsers: ['nginx'], ...rest })

function registryOf(...sources: SourceConfig[]): SourceRegistry {
  const registry = new SourceRegistry('attt')
  registry.replace(sources)
  return registry
}

const match = (sources: SourceConfig[], peer: string, frame: string) => registryOf(...sources).match('syslog', peer, Buffer.from(frame))

const nginx = '<190>Nov 22 11:00:00 Web01 nginx: line'

it('asks for everything that is given, in the order of the file', () => {
  const sources = [
    source('other-net', { from: ['192.168.0.0/16'] }),
    source('other-program', { programs: ['sshd'] }),
    source('exact', { from: ['10.1.2.3', '2001:db8::/32'], hosts: ['web01'], programs: ['nginx'] }),
    source('net', { from: ['10.0.0.0/8'] }),
  ]
  expect(match(sources, '10.1.2.3', nginx)).toBe('exact')
  expect(match(sources, '2001:db8::7', nginx)).toBe('exact')
  expect(match(sources, '10.1.2.4', nginx)).toBe('net')
  expect(match(sources, '10.1.2.3', 'no header')).toBe('net')
  expect(match(sources, '192.168.7.7', nginx)).toBe('other-net')
  expect(match(sources, '172.16.0.1', nginx)).toBe('unknown')
  expect(match(sources, '172.16.0.1', '<38>1 - - sshd - - - x')).toBe('other-program')
})

it('takes everything when nothing is given', () => expect(match([source('all', {})], '::1', 'x')).toBe('all'))

it.each(['10.0.0.0/33', 'web01', '10.0.0.0/8/8', '10.0.0.0/', '::/129', ''])('refuses "%s" as a network', (text) => {
  expect(() => registryOf(source('a', { from: ['10.0.0.1', text] }))).toThrow(
    `sources.0.from.1: "${text}" is neither an IP address nor a network such as 10.0.0.0/8`,
  )
})

it('tells transports apart, and forgets the senders of a list that is replaced', () => {
  const registry = registryOf(source('beats', { transport: 'lumberjack' }), source('lines', {}))
  expect([registry.match('syslog', '::1', Buffer.from('x')), registry.match('gelf', '::1', Buffer.from('x'))]).toEqual(['lines', 'unknown'])
  registry.replace([source('graylog', { transport: 'gelf' })])
  expect([registry.match('syslog', '::1', Buffer.from('x')), registry.match('gelf', '::1', Buffer.from('x'))]).toEqual([
    'unknown',
    'graylog',
  ])
})
