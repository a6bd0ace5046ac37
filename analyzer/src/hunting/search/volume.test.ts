import type { Scope } from '@vonggac/contract'
import { expect, it } from 'vitest'
import type { Aggregation, EventQuery, EventStore } from '../../storage/event-store.ts'
import { bucketLength, bucketStarts } from './buckets.ts'
import { volumeHandler } from './volume.ts'

const viewer: Scope = { agency: '*', role: 'viewer', tlp: 'TLP:RED', actor: 'an' }

it('chooses a bucket length that people read easily', () => {
  expect([60_000, 3_600_000, 86_400_000, 30 * 86_400_000, 366 * 86_400_000].map((period) => bucketLength(period, 60))).toEqual([
    1, 60, 1_800, 43_200, 604_800,
  ])
  expect(bucketStarts(1_500, 4_000, 1)).toEqual([1_000, 2_000, 3_000])
})

it('puts events and alerts in the same buckets, empty ones included', async () => {
  const asked: Aggregation[] = []
  const events = {
    aggregate: async (_scope: Scope, _query: EventQuery, by: Aggregation) => {
      asked.push(by)
      return [
        { key: '2026-11-22T03:00:00.000Z', count: 5, parts: { portal: 3, ssh: 2 } },
        { key: '2026-11-22T03:02:00.000Z', count: 1, parts: { portal: 1 } },
      ]
    },
  } as Pick<EventStore, 'aggregate'> as EventStore
  const alertVolume = async () => [{ at: Date.parse('2026-11-22T03:01:00Z'), severity: 'high' as const, count: 2 }]
  const volume = volumeHandler({ events, alertVolume })
  const query = { from: '2026-11-22T03:00:00.000Z', to: '2026-11-22T03:03:00.000Z', buckets: 3 }
  expect(await volume({ params: undefined, query, body: undefined }, viewer, undefined as never)).toEqual({
    bucketSeconds: 60,
    items: [
      { at: '2026-11-22T03:00:00.000Z', events: 5, alerts: {} },
      { at: '2026-11-22T03:01:00.000Z', events: 0, alerts: { high: 2 } },
      { at: '2026-11-22T03:02:00.000Z', events: 1, alerts: {} },
    ],
    sources: { portal: 4, ssh: 2 },
  })
  expect(asked).toEqual([{ by: 'time', bucketSeconds: 60, split: 'vonggac.source.id' }])
})
