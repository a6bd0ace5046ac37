import { formatEventId, parseEventId, systemScope, type FlatEvent, type Scope } from '@vonggac/contract'
import { evaluate, textOf, valuesOf, type Expression } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Aggregation, Bucket, EventQuery } from '../event-store.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'

const everyone = systemScope('test')
const start = Date.UTC(2026, 2, 1, 9)
const minute = 60_000

let folder: string
let store: DuckDbEventStore
const events: FlatEvent[] = []

/** Some values are frequent, most come once: more of them than a summary lists. */
const address = (n: number) => (n % 3 === 0 ? `10.0.0.${n % 7}` : `77.${n >> 8}.${n & 255}.1`)

async function append(count: number, dataset: string | undefined, rest: (n: number) => FlatEvent): Promise<void> {
  const first = events.length
  for (let n = 0; n < count; n++) {
    const received = start + events.length * 600
    events.push({
      'event.id': formatEventId(received, 'c1', events.length),
      '@timestamp': new Date(received - 30_000).toISOString(),
      ...(dataset !== undefined && { 'event.dataset': dataset }),
      ...rest(n),
    })
  }
  const bytes = Buffer.from(
    events
      .slice(first)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  await store.append({ collector: 'c1', first, last: events.length - 1, count, bytes })
}

const login = (n: number): FlatEvent => ({
  'organization.id': n % 5 === 0 ? 'port' : 'health',
  'event.outcome': n % 4 === 0 ? 'failure' : 'success',
  'source.ip': address(n),
  ...(n % 2 === 0 && { 'user.name': ['lan', 'Minh', 'Hoa', 'lan '][(n % 8) >> 1]! }),
})
const request = (n: number): FlatEvent => ({
  'organization.id': 'port',
  'event.outcome': n % 10 === 0 ? 'failure' : 'success',
  'source.ip': n % 50 === 0 ? '::ffff:10.0.0.1' : address(n + 1),
  'http.response.status_code': n % 11 === 0 ? '404' : [200, 500, 302][n % 3]!,
  'user.name': n % 100 === 0 ? 5 : 'lan',
})
const odd = (n: number): FlatEvent => ({
  'organization.id': 'port',
  'source.ip': address(n),
  'user.name': n % 2 === 0 ? ['lan', 'Minh'] : 'Hoa',
  'event.outcome': n % 3 === 0 ? null : 'failure',
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-summary-'))
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  await append(1_300, 'openssh.auth', login)
  await append(1_200, 'nginx.access', request)
  await store.flush()
  await append(300, 'openssh.auth', login)
  await append(30, 'odd.things', odd)
  await append(20, undefined, login)
  await store.flush()
  await append(100, 'nginx.access', request)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const leaf = fc.oneof(
  fc
    .constantFrom('lan', 'LAN ', 'hoa', '5', 'nobody')
    .map((value): Expression => ({ field: 'user.name', test: { kind: 'equals', value } })),
  fc.constantFrom('failure', 'success').map((value): Expression => ({ field: 'event.outcome', test: { kind: 'equals', value } })),
  fc.constantFrom('nginx.access', 'openssh.auth').map((value): Expression => ({ field: 'event.dataset', test: { kind: 'equals', value } })),
  fc
    .constantFrom(200, 404)
    .map((value): Expression => ({ field: 'http.response.status_code', test: { kind: 'compare', operator: 'gte', value } })),
  fc.constantFrom('user.name', 'event.outcome').map((field): Expression => ({ field, test: { kind: 'exists' } })),
  fc.constant<Expression>({ field: 'event.outcome', test: { kind: 'null' } }),
  fc.constant<Expression>({ field: 'organization.id', test: { kind: 'equals', value: 'port' } }),
  fc.constant<Expression>({ field: 'user.name', test: { kind: 'contains', value: 'a' } }),
  fc.constant<Expression>({ field: 'source.ip', test: { kind: 'network', cidr: '10.0.0.0/24' } }),
)
const expression: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant<Expression>({ all: [] }),
  leaf,
  leaf.map((not) => ({ not })),
  fc.tuple(leaf, leaf).map((all) => ({ all })),
  fc.tuple(leaf, leaf).map((any) => ({ any })),
)
const field = fc.constantFrom('user.name', 'event.outcome', 'source.ip', 'http.response.status_code', 'event.dataset', 'organization.id')
const aggregation: fc.Arbitrary<Aggregation> = fc.oneof(
  fc
    .tuple(field, fc.constantFrom(1, 3, 7, 40), fc.constantFrom<'most' | 'rarest'>('most', 'rarest'))
    .map(([of, size, first]): Aggregation => ({ by: 'terms', field: of, size, first })),
  fc.constantFrom(60, 300, 90).map((bucketSeconds): Aggregation => ({ by: 'time', bucketSeconds })),
  fc.tuple(fc.constantFrom(60, 300), field).map(([bucketSeconds, split]): Aggregation => ({ by: 'time', bucketSeconds, split })),
)
const whole = { from: new Date(start - 60 * minute), to: new Date(start + 120 * minute) }
const range = fc.constantFrom<EventQuery['range']>(
  whole,
  whole,
  { ...whole, clock: 'occurred' },
  { from: new Date(start + 5 * minute), to: new Date(start + 27 * minute) },
)
const scope = fc.constantFrom<Scope>(everyone, everyone, { ...everyone, agency: 'port' })

/** What the reference evaluator finds. */
function found({ agency }: Scope, { where, range: { from, to, clock } }: EventQuery): FlatEvent[] {
  return events.filter((event) => {
    const time = momentOf(event, clock)
    const seen = agency === everyone.agency || event['organization.id'] === agency
    return seen && time >= from.getTime() && time < to.getTime() && evaluate(where, event)
  })
}

function momentOf(event: FlatEvent, clock: EventQuery['range']['clock']): number {
  return clock === 'occurred' ? Date.parse(String(event['@timestamp'])) : parseEventId(String(event['event.id']))!.receivedMs
}

function buckets(of: readonly FlatEvent[], by: Aggregation, clock: EventQuery['range']['clock']): Bucket[] {
  const texts = (event: FlatEvent, name: string) => [...new Set(valuesOf(event, name).flatMap((value) => textOf(value) ?? []))]
  const counts = (keys: readonly string[]) => {
    const sums = new Map<string, number>()
    for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + 1)
    return [...sums]
  }
  if (by.by === 'terms') {
    const way = by.first === 'rarest' ? 1 : -1
    return counts(of.flatMap((event) => texts(event, by.field)))
      .toSorted(([a, m], [b, n]) => way * (m - n) || (a < b ? -1 : 1))
      .slice(0, by.size)
      .map(([key, count]) => ({ key, count }))
  }
  const width = by.bucketSeconds * 1000
  const keyOf = (event: FlatEvent) => new Date(Math.floor(momentOf(event, clock) / width) * width).toISOString()
  return counts(of.map(keyOf))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => {
      const inside = of.filter((event) => keyOf(event) === key)
      const { split } = by
      return {
        key,
        count,
        ...(split !== undefined && { parts: Object.fromEntries(counts(inside.flatMap((event) => texts(event, split)))) }),
      }
    })
}

it('finds the most frequent value that no summary lists', async () => {
  const [first, common] = [events.length, '99.9.9.9']
  for (let part = 0; part < 3; part++) {
    // Each address twice, so that none of them is listed, but one three times.
    const own = (n: number) => (n < 2 ? common : n < 5 ? `98.${part}.0.0` : `98.${part}.${(n - 1) >> 8}.${((n - 1) & 255) >> 1}`)
    await append(1_300, 'spread', (n) => ({ 'source.ip': own(n) }))
    await store.flush()
  }
  const where: Expression = { field: 'event.dataset', test: { kind: 'equals', value: 'spread' } }
  const top = (size: number) => store.aggregate(everyone, { where, range: whole }, { by: 'terms', field: 'source.ip', size })
  expect(await top(1)).toEqual([{ key: common, count: 6 }])
  expect(await top(4)).toEqual(buckets(events.slice(first), { by: 'terms', field: 'source.ip', size: 4 }, 'received'))
})

it.each(['port', 'health'])('does not mix up agencies that have a dataset in common: %s', async (value) => {
  const query = { where: { field: 'organization.id', test: { kind: 'equals', value } } as const, range: whole }
  for (const size of [1, 8, 30]) {
    const by = { by: 'terms', field: 'source.ip', size } as const
    expect(await store.aggregate(everyone, query, by)).toEqual(buckets(found(everyone, query), by, 'received'))
  }
})

it('answers as reading every event does', async () => {
  await fc.assert(
    fc.asyncProperty(scope, expression, range, aggregation, async (by, where, of, grouping) => {
      const query = { where, range: of }
      const wanted = found(by, query)
      expect(await store.count(by, query)).toBe(wanted.length)
      expect(await store.aggregate(by, query, grouping)).toEqual(buckets(wanted, grouping, of.clock))
    }),
    // On a busy machine, as many as there is time for.
    { numRuns: 80, interruptAfterTimeLimit: 15_000 },
  )
}, 120_000)
