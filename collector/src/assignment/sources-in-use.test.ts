import { collectorCountersSchema, say, sourceSchema, type Assignment, type SourceConfig } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { readParser } from '../parsing/index.ts'
import { Tokens } from '../sources/index.ts'
import { SourcesInUse } from './sources-in-use.ts'

const source = (id: string, rest: object = {}): SourceConfig =>
  sourceSchema.parse({ id, name: { vi: id, en: id }, agency: 'attt', transport: 'syslog', parsers: ['plain'], ...rest })
const plain = 'description: anything\ndataset: plain\nlogsource: {}\nsteps:\n  - set: { event.action: seen }\n'
const digest = 'A'.repeat(43)

function inUse(...sources: SourceConfig[]): SourcesInUse {
  const parsers = new Map([['plain', readParser('plain', plain)]])
  return new SourcesInUse({ operator: 'attt', sources, parsers, tokens: new Tokens([]) })
}
const assignment = (rest: Partial<Assignment>): Assignment => ({
  version: 'v1',
  sources: [],
  paused: [],
  tokens: [],
  revoked: [],
  networks: [],
  parsers: [],
  ...rest,
})

it('adds what is assigned to what is declared, which goes first', () => {
  const current = inUse(source('declared', { from: ['10.0.0.1'] }))
  current.replace(assignment({ sources: [source('net', { from: ['10.0.0.0/8'], agency: 'cung-cap' })] }))
  const match = (peer: string) => current.registry.match('syslog', peer, Buffer.from('x'))
  expect(['10.0.0.1', '10.0.0.2', '192.0.2.1'].map(match)).toEqual(['declared', 'net', 'unknown'])
  expect([current.agencyOf('net'), current.sourceOf('net')?.parsers[0]?.name, current.version]).toEqual(['cung-cap', 'plain', 'v1'])
  current.replace(assignment({ version: 'v2' }))
  expect([match('10.0.0.2'), current.sourceOf('net'), current.version]).toEqual(['unknown', undefined, 'v2'])
})

it('knows which sources are paused, and only those that it has', () => {
  const current = inUse(source('declared', { from: ['10.0.0.1'] }))
  current.replace(assignment({ sources: [source('net', { from: ['10.0.0.0/8'] })], paused: ['net', 'declared', 'gone'] }))
  expect(['net', 'declared', 'gone'].filter((id) => current.registry.isPaused(id))).toEqual(['net'])
  expect(current.registry.match('syslog', '10.0.0.2', Buffer.from('x'))).toBe('net')
  current.replace(assignment({ version: 'v2', sources: [source('net')] }))
  expect(current.registry.isPaused('net')).toBe(false)
})

it('leaves out each part that cannot be used, says why, and uses the rest', () => {
  const current = inUse(source('declared'))
  current.replace(
    assignment({
      sources: [
        source('declared'),
        source('net', { from: ['10.0.0.0/99'] }),
        source('zone', { timeZone: 'Mars' }),
        source('lost', { parsers: ['broken'] }),
        source('own', { parsers: ['mine'], transport: 'http' }),
        source('asked', { transport: 'poll', url: 'http://127.0.0.1:9200/_search' }),
      ],
      tokens: [
        { source: 'own', digest },
        { source: 'net', digest },
      ],
      parsers: [
        { name: 'mine', yaml: plain },
        { name: 'broken', yaml: 'steps: 7' },
      ],
    }),
  )
  expect(current.sourceOf('own')?.parsers[0]?.name).toBe('mine')
  expect(current.trouble.map(({ source: id, message }) => [id, message.slice(0, 45)])).toEqual([
    ['broken', expect.stringContaining('broken/parser.yml:1')],
    ['declared', 'declared: vonggac.yml declares a source of th'],
    ['net', expect.stringContaining('10.0.0.0/99')],
    ['zone', expect.stringContaining('"Mars" is no time zone')],
    ['lost', expect.stringContaining('there is no parser "broken"')],
    ['asked', 'asked: sources with transport poll are declar'],
  ])
  expect(current.trouble.find(({ source: id }) => id === 'zone')?.said).toEqual([
    'zone.timeZone:',
    say('time-zone-wrong', { zone: 'Mars' }),
  ])
})

it('says of a mistake that names very many parsers as much as a report takes', () => {
  const current = inUse()
  const parsers = Array.from({ length: 100 }, (_, index) => ({ name: `parser-of-the-agency-${index}`, yaml: plain }))
  current.replace(assignment({ sources: [source('lost', { parsers: ['gone'] })], parsers }))
  expect(current.trouble).toEqual([{ source: 'lost', message: expect.stringContaining('there is no parser "gone"') as string }])
  expect(collectorCountersSchema.shape.trouble.safeParse(current.trouble).success).toBe(true)
})
