import { formatEventId, type FlatEvent } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../event-store.ts'
import { linesIn, scanned, withStore, type Adapter } from './asking.contract.ts'
import { batch, everyone, everything, start } from './events.contract.ts'

export function retentionContract(adapter: Adapter): void {
  const { settle } = adapter
  describe('retention', () => {
    it('deletes what was received before a time, and only that', () =>
      withStore(adapter, async (store) => {
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
      withStore(adapter, async (store) => {
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
      withStore(adapter, async (store) => {
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
      withStore(adapter, async (store) => {
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
