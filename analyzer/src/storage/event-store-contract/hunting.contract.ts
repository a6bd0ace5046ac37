import type { FlatEvent } from '@vonggac/contract'
import { always, readEvent } from '@vonggac/sigma'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventQuery, EventSearch, EventStore } from '../event-store.ts'
import { countsOf, failure, idsOf, linesIn, pageThrough, scanned, withStore, type Adapter } from './asking.contract.ts'
import { batch, event, everyone, everything, port, start } from './events.contract.ts'

export function huntingContract(adapter: Adapter): void {
  const { open, settle } = adapter
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
      // In the order of their code points, which is not that of their UTF-16.
      'process.name': ['zip', 'ép', '\uff21', '\u{1f600}'][n % 4]!,
      // Of another agency than `port`, in its lasting place and not yet.
      ...(n === 99 && { 'custom.settled': true }),
      ...(n === 201 && { 'custom.fresh': true }),
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

    const inOrder = (a: number | string, b: number | string) =>
      typeof a === 'string' && typeof b === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0
    /** Numbers by value, then texts; of several the least or greatest; without a value last; ties in the order of arrival. */
    const sorted = (field: string, descending: boolean): FlatEvent[] => {
      const keyOf = (found: FlatEvent) => {
        const values = [found[field] ?? []].flat() as (number | string)[]
        return values.toSorted(inOrder).at(descending ? -1 : 0)
      }
      return all.toSorted((a, b) => {
        const [left, right] = [keyOf(a), keyOf(b)]
        if (left === right) return a['event.id']! < b['event.id']! ? -1 : 1
        if (left === undefined || right === undefined) return left === undefined ? 1 : -1
        return (descending ? -1 : 1) * inOrder(left, right)
      })
    }
    const orders = ['user.name', 'process.name', 'event.severity', 'custom.score', 'host.name', '@timestamp', 'nowhere'].flatMap((field) =>
      (['ascending', 'descending'] as const).map((direction) => ({ field, direction })),
    )
    it.each(orders)('sorts by $field, $direction, page after page', async (order) => {
      const wanted = idsOf(sorted(order.field, order.direction === 'descending'))
      expect(idsOf(await pageThrough(store, { ...everything, order, limit: 57 }))).toEqual(wanted)
    })

    it('keeps its place in a sorted list while events arrive and settle', () =>
      withStore(adapter, async (own) => {
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

    it('names the fields that there are, to each agency those of its events', async () => {
      const { range } = everything
      const names = new Set(all.flatMap(Object.keys))
      expect(await store.fieldNames(everyone, { range })).toEqual(expect.arrayContaining([...names]))
      const own = await store.fieldNames(port, { range })
      expect(own).toEqual(expect.arrayContaining(['user.name', 'custom.score', 'source.ip', '@timestamp']))
      for (const foreign of ['custom.settled', 'custom.fresh']) expect(own).not.toContain(foreign)
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
}
