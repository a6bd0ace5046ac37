import { formatEventId, systemScope, type Scope } from '@vonggac/contract'
import { always, type Expression } from '@vonggac/sigma'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventQuery } from '../event-store.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'

const everyone = systemScope('test')
const port: Scope = { ...everyone, agency: 'port' }
const start = Date.UTC(2026, 2, 1, 9)
const minute = 60_000
const range = { from: new Date(start), to: new Date(start + 60 * minute) }
const everything: EventQuery = { where: always, range }
const contains = (field: string, value: string): Expression => ({ field, test: { kind: 'contains', value } })
const dataset = (value: string): Expression => ({ field: 'event.dataset', test: { kind: 'equals', value } })
/** True of every event, which only reading tells. */
const decidedByReading: Expression = { field: 'custom.number', test: { kind: 'compare', operator: 'gte', value: 0 } }

let folder: string
let store: DuckDbEventStore
let position = 0

async function append(count: number, rest: Readonly<Record<string, unknown>>): Promise<void> {
  const first = position
  const lines = Array.from({ length: count }, () => {
    const received = start + position * 1000
    const common = {
      'event.id': formatEventId(received, 'c1', position),
      '@timestamp': new Date(received - 90_000).toISOString(),
      'custom.number': position,
    }
    position++
    return `${JSON.stringify({ ...common, ...rest })}\n`
  })
  await store.append({ collector: 'c1', first, last: position - 1, count, bytes: Buffer.from(lines.join('')) })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-pruning-'))
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  await append(100, { 'event.dataset': 'nginx.access', 'organization.id': 'port', message: 'GET /', 'source.ip': '10.1.2.3' })
  await append(50, { 'event.dataset': 'openssh.auth', 'organization.id': 'health', message: 'Failed password', 'user.name': 'root' })
  await store.flush()
  await append(70, { 'event.dataset': 'zeek.connection', 'organization.id': 'health', 'destination.port': 4444 })
  await append(5, { 'event.dataset': ['a', 'b'], 'organization.id': 'health', 'user.name': null })
  await store.flush()
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

describe('what is not read, and why', () => {
  const pruned = async (scope: Scope, query: Partial<EventQuery>) => (await store.explain(scope, { ...everything, ...query })).pruned
  it.each<[string, Scope, Partial<EventQuery>, unknown]>([
    ['nothing', everyone, {}, []],
    ['time', everyone, { range: { from: range.from, to: new Date(start + minute) } }, [{ by: 'time', units: 1, events: 75 }]],
    [
      'time that it occurred',
      everyone,
      { range: { from: new Date(start + minute), to: range.to, clock: 'occurred' } },
      [{ by: 'time', units: 1, events: 150 }],
    ],
    ['agency', port, {}, [{ by: 'agency', units: 1, events: 75 }]],
    ['dataset', everyone, { where: dataset('zeek.connection') }, [{ by: 'dataset', units: 1, events: 150 }]],
    ['several datasets of one event', everyone, { where: dataset('nginx.access') }, [{ by: 'values', units: 1, events: 75 }]],
    ['values', everyone, { where: contains('message', 'mimikatz') }, [{ by: 'values', units: 2, events: 225 }]],
    [
      'an address',
      everyone,
      { where: { field: 'source.ip', test: { kind: 'network', cidr: '10.1.2.0/24' } } },
      [{ by: 'values', units: 1, events: 75 }],
    ],
    [
      'a number',
      everyone,
      { where: { field: 'destination.port', test: { kind: 'equals', value: 4444 } } },
      [{ by: 'values', units: 1, events: 150 }],
    ],
  ])('%s', async (_, scope, query, expected) => {
    expect(await pruned(scope, query)).toEqual(expected)
  })
})

describe('counts from summaries', () => {
  const wheres: Expression[] = [
    always,
    dataset('nginx.access'),
    { not: dataset('nginx.access') },
    contains('event.dataset', 'e'),
    { any: [dataset('b'), dataset('zeek.connection')] },
  ]
  const ranges = [range, { ...range, clock: 'occurred' as const }, { from: new Date(start + 30_000), to: new Date(start + 3 * minute) }]
  it.each(wheres.flatMap((where) => ranges.map((of) => [where, of] as const)))('are those of reading: %j %j', async (where, of) => {
    for (const scope of [everyone, port]) {
      const [asked, read] = [where, { all: [where, decidedByReading] }].map((each) => ({ where: each, range: of })) as [
        EventQuery,
        EventQuery,
      ]
      expect(await store.count(scope, asked)).toBe(await store.count(scope, read))
      for (const by of [
        { by: 'time', bucketSeconds: 60 },
        { by: 'time', bucketSeconds: 120, split: 'event.dataset' },
        { by: 'time', bucketSeconds: 90 },
        { by: 'terms', field: 'event.dataset', size: 3 },
        { by: 'terms', field: 'organization.id', size: 3, first: 'rarest' },
      ] as const)
        expect(await store.aggregate(scope, asked, by)).toEqual(await store.aggregate(scope, read, by))
    }
  })
})

it('signatures lie beside their segments', async () => {
  const names = await readdir(join(folder, 'segments', '2026-03-01'))
  expect(names.filter((name) => name.endsWith('.sig')).map((name) => name.replace('.sig', '.parquet'))).toEqual(
    names.filter((name) => name.endsWith('.parquet')),
  )
})
