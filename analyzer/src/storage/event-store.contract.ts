import { formatEventId, isVonggacError, systemScope, type EventBatch, type FlatEvent, type Scope } from '@vonggac/contract'
import { always, evaluate, readEvent, type Expression, type Test } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Aggregation, EventQuery, EventSearch, EventStore } from './event-store.ts'

const everyone = systemScope('contract')
const port: Scope = { agency: 'port', role: 'analyst', tlp: 'TLP:RED', actor: 'user-1' }

const start = Date.UTC(2026, 2, 1, 8, 59, 50)
const everything: EventQuery = { where: always, range: { from: new Date(start - 86_400_000), to: new Date(start + 86_400_000) } }

const where = (field: string, test: Test): EventQuery => ({ ...everything, where: { field, test } })
const equals = (field: string, value: string | number) => where(field, { kind: 'equals', value })

/** A tenth of a second apart, so that a hundred of them cross an hour. */
function event(collector: string, position: number, rest: Readonly<Record<string, unknown>> = {}): string {
  const received = start + position * 100
  return JSON.stringify({
    '@timestamp': new Date(received).toISOString(),
    'event.id': formatEventId(received, collector, position),
    'event.dataset': position % 2 === 0 ? 'nginx.access' : 'openssh.auth',
    'organization.id': position % 3 === 0 ? 'health' : 'port',
    'vonggac.source.id': 'source-1',
    ...rest,
  })
}

function batchOf(collector: string, first: number, lines: readonly string[]): EventBatch {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return { collector, first, last: first + lines.length - 1, count: lines.length, bytes }
}

function batch(
  collector: string,
  first: number,
  count: number,
  rest: (position: number) => Readonly<Record<string, unknown>> = () => ({}),
): EventBatch {
  const positions = Array.from({ length: count }, (_, n) => first + n)
  return batchOf(
    collector,
    first,
    positions.map((position) => event(collector, position, rest(position))),
  )
}

/** Values that make life hard for a store with columns. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '0x10',
    '010',
    '1e3',
    'null',
    'true',
    '\uD800',
    'a\uDC00b',
    '\u0000',
    'Đà Nẵng',
    '"\\',
    '2026-01-01T00:00:00Z',
    '12345678901234567890',
    '{"a":1}',
    'NaN',
  ),
)
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.constantFrom(1e21, 1e-7, 0.1, 2 ** 63),
)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) })
const field = fc.oneof(
  fc.constantFrom(
    'User',
    'user',
    'user.name',
    'User.Name',
    'user.id',
    'source.port',
    'source.ip',
    'tags',
    'event.category',
    'message',
    'process.pid',
    'custom.a',
  ),
  fc.constantFrom('_x', '_t', '_odd', '_exact', 'constructor', 'a"b', "a'b", 'a/b~c', '', 'Đ', '\uD800', 'event.severity'),
  fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__'),
)
const fields = fc.dictionary(field, value, { maxKeys: 8 })

/**
 * What every EventStore does. `open` gives a new, empty store each time it is called; `settle` makes it move events to where it keeps them for long.
 */
export function eventStoreContract(open: () => Promise<EventStore>, settle: (store: EventStore) => Promise<void>): void {
  const failure = async (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => (isVonggacError(error) ? error.code : error),
    )
  const withStore = async (work: (store: EventStore) => Promise<void>) => {
    const store = await open()
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }
  const idsOf = (events: readonly FlatEvent[]) => events.map((found) => found['event.id'])
  const pageThrough = async (store: EventStore, search: EventSearch, between: () => Promise<void> = async () => {}) => {
    const found: FlatEvent[] = []
    for (let after: string | undefined; ;) {
      const page = await store.search(everyone, { ...search, ...(after !== undefined && { after }) })
      found.push(...page.items)
      if (page.next === null) return found
      after = page.next
      await between()
    }
  }

  describe('appending', () => {
    it('is idempotent by the positions of a collector', () =>
      withStore(async (store) => {
        expect(await store.append(batch('c1', 0, 10))).toEqual({ stored: 10 })
        expect(await store.append(batch('c1', 0, 10))).toEqual({ stored: 0 })
        expect(await store.append(batch('c1', 5, 10))).toEqual({ stored: 5 })
        expect(await store.append(batch('c2', 0, 10))).toEqual({ stored: 10 })
        const rivals = await Promise.all([1, 2, 3].map(() => store.append(batch('c1', 15, 5))))
        expect(rivals.reduce((sum, { stored }) => sum + stored, 0)).toBe(5)
        expect(await store.positions()).toEqual(
          new Map([
            ['c1', 19],
            ['c2', 9],
          ]),
        )
        expect(await store.count(everyone, everything)).toBe(30)
        await settle(store)
        expect(await store.append(batch('c1', 0, 20))).toEqual({ stored: 0 })
        expect(await store.count(everyone, everything)).toBe(30)
        expect((await store.health()).events).toBe(30)
      }))

    it('refuses a batch that contradicts itself', () =>
      withStore(async (store) => {
        const good = batch('c1', 0, 2)
        expect(await failure(store.append({ ...good, count: 3 }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, collector: 'No Name' }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, first: 5 }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, bytes: good.bytes.subarray(0, -1) }))).toBe('invalid-batch')
        expect(await store.append(good)).toEqual({ stored: 2 })
      }))

    it('keeps every event exactly, before and after it settles', () =>
      withStore(async (store) => {
        let position = 0
        const property = fc.asyncProperty(fc.array(fields, { minLength: 20, maxLength: 20 }), async (list) => {
          const first = position
          position += list.length
          const lines = list.map((rest, n) => event('c1', first + n, rest))
          await store.append(batchOf('c1', first, lines))
          const range = { from: new Date(start + first * 100), to: new Date(start + position * 100) }
          const search: EventSearch = { where: always, range, order: 'oldest', limit: 100 }
          const stored = await store.search(everyone, search)
          expect(stored.items.map(plain)).toEqual(lines.map((line) => plain(readEvent(line))))
        })
        await fc.assert(property, { numRuns: 25 })
        const before = await pageThrough(store, { ...everything, order: 'oldest', limit: 1000 })
        await settle(store)
        expect(await pageThrough(store, { ...everything, order: 'oldest', limit: 1000 })).toEqual(before)
        expect(before).toHaveLength(position)
      }))
  })

  describe('querying', () => {
    let store: EventStore
    const total = 300
    const details = (n: number) => ({
      'source.ip': `10.0.${n % 4}.${n % 250}`,
      'source.port': n,
      'user.name': n % 50 === 0 ? ['root', `User${n}`] : `user${n % 10}`,
      'event.category': n % 2 === 0 ? ['web', 'network'] : ['authentication'],
      'custom.level': n % 5,
      ...(n % 7 === 0 && { 'custom.note': null }),
      ...(n % 11 === 0 && { message: `Đăng nhập thất bại ${n}` }),
    })
    const all: FlatEvent[] = []

    beforeAll(async () => {
      store = await open()
      for (let first = 0; first < total; first += 50) {
        await store.append(batch('c1', first, 50, details))
        // Some of it in its lasting place, some not yet.
        if (first === 100 || first === 200) await settle(store)
      }
      for (let n = 0; n < total; n++) all.push(readEvent(event('c1', n, details(n))))
    })
    afterAll(() => store.close())

    it('pages by arrival, in both directions, each event once', async () => {
      const ids = idsOf(all)
      expect(idsOf(await pageThrough(store, { ...everything, order: 'oldest', limit: 37 }))).toEqual(ids)
      expect(idsOf(await pageThrough(store, { ...everything, order: 'newest', limit: 37 }))).toEqual(ids.toReversed())
      const roots = all.filter((found) => evaluate(equals('user.name', 'ROOT').where, found))
      expect(idsOf(await pageThrough(store, { ...equals('user.name', 'ROOT'), order: 'newest', limit: 2 }))).toEqual(
        idsOf(roots).toReversed(),
      )
    })

    it('keeps its place while events arrive and settle', () =>
      withStore(async (own) => {
        await own.append(batch('c1', 0, 40))
        let next = 40
        const found = await pageThrough(own, { ...everything, order: 'newest', limit: 7 }, async () => {
          await own.append(batch('c1', next, 5))
          if (next % 2 === 0) await settle(own)
          next += 5
        })
        expect(idsOf(found)).toEqual(Array.from({ length: 40 }, (_, n) => formatEventId(start + (39 - n) * 100, 'c1', 39 - n)))
      }))

    it('takes the start of the range and leaves its end', async () => {
      const range = { from: new Date(start + 10 * 100), to: new Date(start + 20 * 100) }
      const page = await store.search(everyone, { where: always, range, order: 'oldest', limit: 100 })
      expect(idsOf(page.items)).toEqual(idsOf(all.slice(10, 20)))
      expect(await store.count(everyone, { where: always, range })).toBe(10)
    })

    it('shows an agency nothing of another', async () => {
      const own = all.filter((found) => found['organization.id'] === 'port')
      expect(await store.count(port, everything)).toBe(own.length)
      expect(idsOf((await store.search(port, { ...everything, order: 'oldest', limit: 1000 })).items)).toEqual(idsOf(own))
      expect(await store.count(port, equals('organization.id', 'health'))).toBe(0)
      expect(await store.count(port, equals('user.name', 'root'))).toBe(
        own.filter((e) => evaluate(equals('user.name', 'root').where, e)).length,
      )
      const foreign = all.find((found) => found['organization.id'] === 'health')!['event.id'] as string
      expect(await store.read(port, foreign)).toBeUndefined()
      expect(await store.read(everyone, foreign)).toMatchObject({ 'event.id': foreign })
      const terms = await store.aggregate(port, everything, { by: 'terms', field: 'organization.id', size: 10 })
      expect(terms).toEqual([{ key: 'port', count: own.length }])
      expect(linesIn(await scanned(store, port, everything))).toHaveLength(own.length)
    })

    it('reads by id', async () => {
      for (const n of [0, 99, 150, 299]) expect(await store.read(everyone, all[n]!['event.id'] as string)).toEqual(plain(all[n]!))
      expect(await store.read(everyone, formatEventId(start, 'c9', 5))).toBeUndefined()
      expect(await store.read(everyone, 'no id')).toBeUndefined()
    })

    const tests: readonly (readonly [string, Test])[] = [
      ['user.name', { kind: 'prefix', value: 'USER1' }],
      ['user.name', { kind: 'equals', value: 'user50' }],
      ['source.ip', { kind: 'network', cidr: '10.0.2.0/24' }],
      ['source.port', { kind: 'compare', operator: 'gte', value: 290 }],
      ['source.port', { kind: 'suffix', value: '7' }],
      ['custom.level', { kind: 'equals', value: 3 }],
      ['custom.note', { kind: 'exists' }],
      ['custom.note', { kind: 'null' }],
      ['message', { kind: 'contains', value: 'ĐĂNG NHẬP' }],
      ['message', { kind: 'regex', source: 'bại \\d0$', flags: '' }],
      ['message', { kind: 'regex', source: '\\p{Lu}', flags: '' }],
      ['event.category', { kind: 'equals', value: 'network' }],
      ['*', { kind: 'contains', value: 'thất bại' }],
      ['*', { kind: 'equals', value: '150' }],
      ['@timestamp', { kind: 'timePart', part: 'minute', value: 0 }],
      ['source.ip', { kind: 'equalsField', other: 'user.name', match: 'contains' }],
    ]
    it.each(tests)('%s %j means what the reference evaluator says, and so does its negation', async (name, test) => {
      const leaf: Expression = { field: name, test }
      for (const expression of [leaf, { not: leaf }]) {
        const expected = all.filter((found) => evaluate(expression, found))
        expect(await store.count(everyone, { ...everything, where: expression })).toBe(expected.length)
        const page = await store.search(everyone, { ...everything, where: expression, order: 'oldest', limit: 1000 })
        expect(idsOf(page.items)).toEqual(idsOf(expected))
      }
    })

    it('counts by time, and splits by a field', async () => {
      const buckets = await store.aggregate(everyone, everything, { by: 'time', bucketSeconds: 10, split: 'user.name' })
      expect(buckets).toEqual([
        { key: '2026-03-01T08:59:50.000Z', count: 100, parts: countsOf(all.slice(0, 100), 'user.name') },
        { key: '2026-03-01T09:00:00.000Z', count: 100, parts: countsOf(all.slice(100, 200), 'user.name') },
        { key: '2026-03-01T09:00:10.000Z', count: 100, parts: countsOf(all.slice(200), 'user.name') },
      ])
      const ports = await store.aggregate(everyone, where('*', { kind: 'contains', value: 'thất' }), { by: 'time', bucketSeconds: 3600 })
      expect(ports.map(({ count }) => count)).toEqual([10, 18])
    })

    it.each(['user.name', 'custom.level', 'event.category', 'source.ip', 'nowhere'])(
      'lists the most frequent values of %s',
      async (name) => {
        const by: Aggregation = { by: 'terms', field: name, size: 5 }
        const expected = Object.entries(countsOf(all, name)).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        const buckets = await store.aggregate(everyone, everything, by)
        expect(buckets.map(({ key, count }) => [String(key), count])).toEqual(expected.slice(0, 5))
      },
    )

    it('scans everything, oldest first, as NDJSON', async () => {
      const lines = linesIn(await scanned(store, everyone, everything))
      expect(lines.map((line) => plain(JSON.parse(line) as FlatEvent))).toEqual(all.map(plain))
      const some = linesIn(await scanned(store, everyone, equals('custom.level', 3)))
      expect(some).toHaveLength(all.filter((found) => found['custom.level'] === 3).length)
    })

    it('refuses what it cannot do, with the reason', async () => {
      const search: EventSearch = { ...everything, order: 'newest', limit: 10 }
      expect(await failure(store.search(everyone, { ...search, limit: 0 }))).toBe('invalid-request')
      expect(await failure(store.search(everyone, { ...search, after: 'rubbish' }))).toBe('invalid-request')
      expect(await failure(store.count(everyone, where('message', { kind: 'regex', source: '(a)\\1', flags: '' })))).toBe('invalid-request')
      expect(await failure(store.count(everyone, { where: always, range: { from: new Date(Number.NaN), to: new Date() } }))).toBe(
        'invalid-request',
      )
      expect(await failure(store.aggregate(everyone, everything, { by: 'time', bucketSeconds: 0 }))).toBe('invalid-request')
    })

    it('treats hostile text as text', async () => {
      const hostile = `'"; DROP TABLE hot_1; --\u0000$1`
      expect(await store.count(everyone, equals(hostile, hostile))).toBe(0)
      expect(await store.aggregate(everyone, everything, { by: 'terms', field: hostile, size: 5 })).toEqual([])
      expect(await store.count({ ...port, agency: hostile }, everything)).toBe(0)
    })
  })

  describe('hunting', () => {
    let store: EventStore
    const total = 240
    /** Each occurred up to six hours before it was received, in an order of its own. */
    const occurredMs = (n: number) => start + n * 100 - ((n * 5) % 7) * 3_600_000
    const details = (n: number) => ({
      '@timestamp': new Date(occurredMs(n)).toISOString(),
      'user.name': n % 60 === 0 ? ['zoe', `adam${n}`] : `user${n % 10}`,
      'event.severity': (n * 37) % 101,
      'custom.score': n % 40 === 0 ? [n, -n - 1] : n / 4,
      ...(n % 3 === 0 && { 'host.name': `host-${n % 12}` }),
      ...(n === 100 && { message: 'a needle in the hay', 'source.ip': '198.51.100.7' }),
    })
    const all: FlatEvent[] = []
    const occurredIn = (from: number, to: number): EventQuery => ({
      where: always,
      range: { from: new Date(from), to: new Date(to), clock: 'occurred' },
    })

    beforeAll(async () => {
      store = await open()
      for (let first = 0; first < total; first += 40) {
        await store.append(batch('c1', first, 40, details))
        if (first === 80 || first === 120) await settle(store)
      }
      for (let n = 0; n < total; n++) all.push(readEvent(event('c1', n, details(n))))
    })
    afterAll(() => store.close())

    it('asks for when events occurred', async () => {
      const [from, to] = [occurredMs(10), occurredMs(150)].toSorted((a, b) => a - b) as [number, number]
      const query = occurredIn(from, to)
      const expected = all.filter((_, n) => occurredMs(n) >= from && occurredMs(n) < to)
      expect(expected.length).toBeGreaterThan(10)
      expect(await store.count(everyone, query)).toBe(expected.length)
      const page = await store.search(everyone, { ...query, order: 'oldest', limit: 1000 })
      expect(idsOf(page.items)).toEqual(idsOf(expected))
      expect(linesIn(await scanned(store, everyone, query))).toHaveLength(expected.length)
      expect(await store.count(port, query)).toBe(expected.filter((found) => found['organization.id'] === 'port').length)
    })

    it('counts by when events occurred', async () => {
      const buckets = await store.aggregate(everyone, occurredIn(start - 86_400_000, start + 86_400_000), {
        by: 'time',
        bucketSeconds: 3_600,
        split: 'event.dataset',
      })
      const counts = new Map<string, number>()
      for (let n = 0; n < total; n++) {
        const hour = new Date(Math.floor(occurredMs(n) / 3_600_000) * 3_600_000).toISOString()
        counts.set(hour, (counts.get(hour) ?? 0) + 1)
      }
      const expected = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
      expect(buckets.map(({ key, count }) => [key, count])).toEqual(expected)
      for (const { count, parts } of buckets) expect(Object.values(parts!).reduce((sum, part) => sum + part, 0)).toBe(count)
    })

    /** Numbers by value, then texts; of several the least or greatest; without a value last; ties in the order of arrival. */
    const sorted = (field: string, descending: boolean): FlatEvent[] => {
      const keyOf = (found: FlatEvent) => {
        const values = [found[field] ?? []].flat() as (number | string)[]
        return values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).at(descending ? -1 : 0)
      }
      return all.toSorted((a, b) => {
        const [left, right] = [keyOf(a), keyOf(b)]
        if (left === right) return a['event.id']! < b['event.id']! ? -1 : 1
        if (left === undefined || right === undefined) return left === undefined ? 1 : -1
        return left < right !== descending ? -1 : 1
      })
    }
    const orders = ['user.name', 'event.severity', 'custom.score', 'host.name', '@timestamp', 'nowhere'].flatMap((field) =>
      (['ascending', 'descending'] as const).map((direction) => ({ field, direction })),
    )
    it.each(orders)('sorts by $field, $direction, page after page', async (order) => {
      const wanted = idsOf(sorted(order.field, order.direction === 'descending'))
      expect(idsOf(await pageThrough(store, { ...everything, order, limit: 57 }))).toEqual(wanted)
    })

    it('keeps its place in a sorted list while events arrive and settle', () =>
      withStore(async (own) => {
        await own.append(batch('c1', 0, 40, details))
        let next = 40
        const search: EventSearch = { ...everything, order: { field: 'event.severity', direction: 'descending' }, limit: 7 }
        const found = await pageThrough(own, search, async () => {
          await own.append(batch('c1', next, 5, details))
          if (next % 2 === 0) await settle(own)
          next += 5
        })
        const ids = idsOf(found)
        expect(new Set(ids).size).toBe(ids.length)
        for (let n = 0; n < 40; n++) expect(ids).toContain(all[n]!['event.id'])
      }))

    it('refuses to go on in a list of another order', async () => {
      const search: EventSearch = { ...everything, order: { field: 'user.name', direction: 'ascending' }, limit: 5 }
      const { next } = await store.search(everyone, search)
      const other = { ...search, order: { field: 'user.name', direction: 'descending' } as const, after: next! }
      expect(await failure(store.search(everyone, other))).toBe('invalid-request')
      expect(await failure(store.search(everyone, { ...search, order: 'newest', after: next! }))).toBe('invalid-request')
    })

    it.each(['user.name', 'host.name', 'custom.score'])('lists the rarest values of %s', async (field) => {
      const expected = Object.entries(countsOf(all, field)).toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
      const buckets = await store.aggregate(everyone, everything, { by: 'terms', field, size: 300, first: 'rarest' })
      const counts = (list: readonly (readonly [string, number])[]) => list.map(([, count]) => count)
      expect(counts(buckets.map(({ key, count }) => [String(key), count]))).toEqual(counts(expected).slice(0, 300))
      expect(new Map(buckets.map(({ key, count }) => [String(key), count]))).toEqual(new Map(expected.slice(0, 300)))
    })

    it('measures a field', async () => {
      expect(await store.measure(everyone, everything, 'event.severity')).toMatchObject({
        events: total,
        distinct: new Set(all.map((found) => found['event.severity'])).size,
        exact: true,
        numbers: { minimum: 0, maximum: 100, sum: all.reduce((sum, found) => sum + (found['event.severity'] as number), 0) },
      })
      const scores = all.flatMap((found) => found['custom.score'] as number | number[])
      const { numbers, ...rest } = await store.measure(everyone, everything, 'custom.score')
      expect(rest).toEqual({ events: total, distinct: new Set(scores).size, exact: true })
      expect(numbers).toMatchObject({ minimum: Math.min(...scores), maximum: Math.max(...scores) })
      expect(numbers!.mean).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / scores.length, 6)
      const names = new Set(all.flatMap((found) => found['user.name'] as string | string[]))
      expect(await store.measure(everyone, everything, 'user.name')).toEqual({ events: total, distinct: names.size, exact: true })
      expect(await store.measure(everyone, everything, 'nowhere')).toEqual({ events: 0, distinct: 0, exact: true })
      const own = all.filter((found) => found['organization.id'] === 'port' && found['host.name'] !== undefined)
      const hosts = new Set(own.map((found) => found['host.name']))
      expect(await store.measure(port, everything, 'host.name')).toEqual({ events: own.length, distinct: hosts.size, exact: true })
    })

    it('explains what a search would read', async () => {
      const { all: there, scanned: read, pruned, verified } = await store.explain(everyone, everything)
      expect(there.events).toBe(total)
      expect(read.events).toBe(total)
      expect(read.units).toBe(there.units - pruned.reduce((sum, { units }) => sum + units, 0))
      expect(verified).toBe(false)
      const elsewhere = { ...everything, range: { from: new Date(start - 90_000_000), to: new Date(start - 80_000_000) } }
      const nothing = await store.explain(everyone, elsewhere)
      expect(nothing.scanned.events).toBeLessThan(total)
    })

    it('stops when it is told to', async () => {
      const reason = new Error('the analyst left')
      const aborted = AbortSignal.abort(reason)
      const asks: ((signal: AbortSignal) => Promise<unknown>)[] = [
        (signal) => store.count(everyone, { ...everything, signal }),
        (signal) => store.search(everyone, { ...everything, order: 'newest', limit: 10, signal }),
        (signal) => store.aggregate(everyone, { ...everything, signal }, { by: 'terms', field: 'user.name', size: 3 }),
        (signal) => store.measure(everyone, { ...everything, signal }, 'user.name'),
        (signal) => scanned(store, everyone, { ...everything, signal }),
      ]
      for (const ask of asks) {
        expect(await failure(ask(aborted))).toBe(reason)
        const controller = new AbortController()
        const asked = ask(controller.signal).then(
          () => 'answered',
          (error: unknown) => error,
        )
        controller.abort(reason)
        expect([reason, 'answered']).toContain(await asked)
      }
      expect(await store.count(everyone, everything)).toBe(total)
    })
  })

  describe('retention', () => {
    it('deletes what was received before a time, and only that', () =>
      withStore(async (store) => {
        await store.append(batch('c1', 0, 60))
        await settle(store)
        await store.append(batch('c1', 60, 60))
        const retired = await store.retain({ before: new Date(start + 80 * 100), exceptions: [], holds: [] })
        expect(retired.events).toBe(80)
        expect(await store.count(everyone, everything)).toBe(40)
        expect(await store.read(everyone, formatEventId(start + 7_900, 'c1', 79))).toBeUndefined()
        expect(await store.read(everyone, formatEventId(start + 8_000, 'c1', 80))).toBeDefined()
        expect(await store.retain({ before: new Date(start), exceptions: [], holds: [] })).toEqual({ events: 0, bytes: 0 })
        expect(await store.append(batch('c1', 0, 120))).toEqual({ stored: 0 })
        await settle(store)
        expect(await store.count(everyone, everything)).toBe(40)
      }))

    const at = (position: number) => new Date(start + position * 100)
    const positionsIn = async (store: EventStore) => {
      const lines = linesIn(await scanned(store, everyone, everything))
      return lines.map((line) => (Date.parse((JSON.parse(line) as FlatEvent)['@timestamp'] as string) - start) / 100)
    }
    const kept = (count: number, keeps: (position: number) => boolean) => Array.from({ length: count }, (_, n) => n).filter(keeps)

    it('keeps for longer or shorter what an exception names, the first that does', () =>
      withStore(async (store) => {
        await store.append(batch('c1', 0, 120))
        await settle(store)
        await store.append(batch('c1', 120, 60))
        const exceptions = [
          { agency: 'health', dataset: 'nginx.access', before: at(150) },
          { agency: 'health', before: at(0) },
          { dataset: 'openssh.auth', before: at(30) },
        ]
        const { events } = await store.retain({ before: at(90), exceptions, holds: [] })
        const expected = kept(180, (n) => {
          const limit = n % 6 === 0 ? 150 : n % 3 === 0 ? 0 : n % 2 === 1 ? 30 : 90
          return n >= limit
        })
        expect(await positionsIn(store)).toEqual(expected)
        expect(events).toBe(180 - expected.length)
        expect(await store.count(everyone, everything)).toBe(expected.length)
        await settle(store)
        expect(await positionsIn(store)).toEqual(expected)
        expect(await store.aggregate(everyone, everything, { by: 'terms', field: 'organization.id', size: 5 })).toEqual(
          ['port', 'health']
            .map((key) => ({ key, count: expected.filter((n) => (n % 3 === 0) === (key === 'health')).length }))
            .toSorted((a, b) => b.count - a.count),
        )
      }))

    it('touches nothing that is held, and takes it once the hold is lifted', () =>
      withStore(async (store) => {
        await store.append(batch('c1', 0, 100))
        await settle(store)
        const holds = [
          { agency: 'health', from: at(10), to: at(20) },
          { from: at(40), to: at(45) },
          { dataset: 'openssh.auth', agency: 'port', from: at(70), to: at(200) },
        ]
        const isHeld = (n: number) => (n % 3 === 0 && n >= 10 && n < 20) || (n >= 40 && n < 45) || (n % 2 === 1 && n % 3 !== 0 && n >= 70)
        const held = kept(100, (n) => n >= 90 || isHeld(n))
        const first = await store.retain({ before: at(90), exceptions: [], holds })
        expect(await positionsIn(store)).toEqual(held)
        expect(first.events).toBe(100 - held.length)
        expect(await store.retain({ before: at(90), exceptions: [], holds })).toEqual({ events: 0, bytes: 0 })
        const second = await store.retain({ before: at(90), exceptions: [], holds: holds.slice(1) })
        expect(await positionsIn(store)).toEqual(held.filter((n) => n >= 20))
        expect(second.events).toBe(held.filter((n) => n < 20).length)
      }))

    it('lets events without an agency or a dataset go by the rule for all', () =>
      withStore(async (store) => {
        await store.append(batch('c1', 0, 30, (n) => (n % 2 === 0 ? { 'organization.id': undefined, 'event.dataset': undefined } : {})))
        await store.retain({
          before: at(20),
          exceptions: [{ agency: 'port', before: at(0) }],
          holds: [{ agency: 'health', from: at(0), to: at(20) }],
        })
        expect(await positionsIn(store)).toEqual(kept(30, (n) => n >= 20 || n % 2 === 1))
      }))
  })
}

/** Without its prototype, which is no part of an event. */
function plain(found: FlatEvent): FlatEvent {
  return Object.fromEntries(Object.entries(found))
}

function countsOf(events: readonly FlatEvent[], name: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const found of events) {
    const values = found[name]
    for (const member of new Set(values === undefined ? [] : [values].flat())) counts[String(member)] = (counts[String(member)] ?? 0) + 1
  }
  return counts
}

async function scanned(store: EventStore, scope: Scope, query: EventQuery): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.scan(scope, query)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function linesIn(ndjson: Buffer): string[] {
  return ndjson.toString().split('\n').slice(0, -1)
}
