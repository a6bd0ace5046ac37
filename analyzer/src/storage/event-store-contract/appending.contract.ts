import { always, readEvent } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventSearch } from '../event-store.ts'
import { fields } from './arbitraries.contract.ts'
import { failure, pageThrough, plain, withStore, type Adapter } from './asking.contract.ts'
import { batch, batchOf, event, everyone, everything, start } from './events.contract.ts'

export function appendingContract(adapter: Adapter): void {
  const { settle } = adapter
  describe('appending', () => {
    it('is idempotent by the positions of a collector', () =>
      withStore(adapter, async (store) => {
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
      withStore(adapter, async (store) => {
        const good = batch('c1', 0, 2)
        expect(await failure(store.append({ ...good, count: 3 }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, collector: 'No Name' }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, first: 5 }))).toBe('invalid-batch')
        expect(await failure(store.append({ ...good, bytes: good.bytes.subarray(0, -1) }))).toBe('invalid-batch')
        expect(await store.append(good)).toEqual({ stored: 2 })
      }))

    it('keeps every event exactly, before and after it settles', () =>
      withStore(adapter, async (store) => {
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
}
