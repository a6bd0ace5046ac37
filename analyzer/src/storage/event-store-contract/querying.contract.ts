import { formatEventId, type FlatEvent } from '@vonggac/contract'
import { always, evaluate, readEvent, type Expression, type Test } from '@vonggac/sigma'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Aggregation, EventSearch, EventStore } from '../event-store.ts'
import { countsOf, failure, idsOf, linesIn, pageThrough, plain, scanned, withStore, type Adapter } from './asking.contract.ts'
import { batch, equals, event, everyone, everything, port, start, where } from './events.contract.ts'

export function queryingContract(adapter: Adapter): void {
  const { open, settle } = adapter
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
      // In another zone, as a number, without a zone; and something that is no time.
      'event.created': [`${new Date(start + n * 100 + 7 * 3_600_000).toISOString().slice(0, -1)}+07:00`, start + n * 100][n % 2]!,
      'custom.when': [new Date(start + n * 100).toISOString().slice(0, -1), start + n * 100, 'soon'][n % 3]!,
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
      withStore(adapter, async (own) => {
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
      ['@timestamp', { kind: 'moment', side: 'since', at: start + 15_000 }],
      ['@timestamp', { kind: 'moment', side: 'before', at: start + 15_001 }],
      ['event.created', { kind: 'moment', side: 'since', at: start + 20_000 }],
      ['custom.when', { kind: 'moment', side: 'before', at: start + 20_000 }],
      ['*', { kind: 'moment', side: 'since', at: start + 29_000 }],
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
}
