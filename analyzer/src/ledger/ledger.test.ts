import { configSchema, emptyCounts, rejectedKind, type CollectorCounters, type FlatEvent, type Routes, type Scope } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { batchOf, inlineDetector, rulesFrom } from '../detection/testing.ts'
import type { Handler } from '../platform/handler.ts'
import type { EventSearch, EventStore } from '../storage/event-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { sourcesHandlers } from './handlers.ts'
import { Ledger } from './ledger.ts'
import { atMostOnceASecond } from './throttle.ts'

const name = (text: string) => ({ vi: text, en: text })
const config = configSchema.parse({
  agencies: [
    { id: 'stttt', name: name('Sở') },
    { id: 'yte', name: name('Y tế') },
  ],
  sources: [
    { id: 'portal', name: name('Cổng'), agency: 'stttt', system: 'Cổng thông tin', transport: 'syslog', parsers: ['nginx'] },
    { id: 'lab', name: name('Xét nghiệm'), agency: 'yte', transport: 'http', parsers: ['ecs'] },
  ],
})
const centre: Scope = { agency: '*', role: 'viewer', tlp: 'TLP:RED', actor: 'an' }
const health: Scope = { ...centre, agency: 'yte' }
const at = Date.UTC(2026, 10, 22, 3, 5)
const minute = (n: number) => at + n * 60_000
const rejected: FlatEvent = { 'event.kind': rejectedKind, 'event.original': 'garbage' }

async function open(now: number) {
  const documents = openTestDocuments()
  const ledger = await Ledger.open({ documents, announcer: { announce: () => {} }, operator: 'attt' })
  const searches: EventSearch[] = []
  const events = {
    search: async (_scope: Scope, search: EventSearch) => {
      searches.push(search)
      return { items: [rejected], next: null }
    },
  } as Pick<EventStore, 'search'> as EventStore
  const catalogue = { all: config.sources, isDeclared: () => true }
  const handlers = sourcesHandlers({ config, catalogue, documents, events, ledger, clock: { now: () => new Date(now) } })
  let position = 0
  return {
    documents,
    ledger,
    searches,
    call: <Name extends keyof typeof handlers>(route: Name, request: object = {}, scope = centre) =>
      (handlers[route] as Handler<Routes[Name]>)(request as never, scope, undefined as never),
    async receive(...frames: Parameters<typeof batchOf>[2]) {
      const { header, bytes } = batchOf('c1', position, frames)
      position += frames.length
      await ledger.record(header, (await inlineDetector(rulesFrom()).evaluate(header, bytes)).counts)
    },
  }
}

it('shows each source with its totals, its last hour and its last sixty minutes', async () => {
  const { call, receive } = await open(minute(70))
  await receive({ receivedMs: minute(0) }, { receivedMs: minute(60) }, { receivedMs: minute(60), line: 'garbage' })
  await receive({ receivedMs: minute(70) })
  const { items } = await call('listSources')
  const [portal, lab] = items
  expect(portal).toMatchObject({
    id: 'portal',
    system: 'Cổng thông tin',
    addresses: ['tcp://127.0.0.1:5514', 'udp://127.0.0.1:5514'],
    total: { received: 4, journaled: 4, forwarded: 4, stored: 4, evaluated: 3, rejected: { 'bad-event': 1 } },
    lastHour: { received: 3, stored: 3, evaluated: 2 },
    lastReceived: '2026-11-22T04:15:00.000Z',
  })
  expect(portal!.perMinute).toHaveLength(60)
  expect([portal!.perMinute[49], portal!.perMinute[59]]).toEqual([2, 1])
  expect(lab).toMatchObject({ id: 'lab', total: emptyCounts(), lastReceived: null, addresses: ['http://127.0.0.1:8089/v1/events'] })
})

it('shows frames that wait at a collector, also after a restart', async () => {
  const { documents, ledger, call, receive } = await open(minute(0))
  await receive({ receivedMs: minute(0) })
  const source = {
    source: 'portal',
    agency: 'stttt',
    received: 12,
    journaled: 11,
    forwarded: 1,
    lastReceived: '2026-11-22T03:05:42.000Z',
    connections: 2,
  }
  const counters: CollectorCounters = {
    collector: 'c1',
    at: '2026-11-22T03:05:50.000Z',
    journaled: 11,
    acknowledged: 1,
    journalBytes: 999,
    assignment: 'none',
    trouble: [],
    dropped: [{ source: 'portal', reason: 'disk-full', count: 1 }],
    sources: [source],
  }
  await ledger.counters(counters)
  await ledger.counters(counters)
  const status = (await call('listSources')).items[0]!
  expect(status).toMatchObject({
    total: { received: 12, journaled: 11, forwarded: 1, stored: 1 },
    connections: 2,
    lastReceived: source.lastReceived,
  })
  expect(status.lastHour).toMatchObject({ received: 2, journaled: 1 })
  const again = await Ledger.open({ documents, announcer: { announce: () => {} }, operator: 'attt' })
  expect([...again.collectors]).toEqual([counters])
})

it('gives the ledger minute by minute', async () => {
  const { call, receive } = await open(minute(70))
  await receive({ receivedMs: minute(0) }, { receivedMs: minute(0) }, { receivedMs: minute(56) })
  const period = { from: '2026-11-22T03:05:30.000Z', to: '2026-11-22T04:02:00.000Z' }
  const { items } = await call('readLedger', { params: { id: 'portal' }, query: period })
  expect(items.map((item) => [item.minute, item.counts.stored])).toEqual([
    ['2026-11-22T03:05:00.000Z', 2],
    ['2026-11-22T04:01:00.000Z', 1],
  ])
  const backwards = call('readLedger', { params: { id: 'portal' }, query: { from: period.to, to: period.from } })
  await expect(backwards).rejects.toMatchObject({ code: 'invalid-request' })
})

it('keeps an agency to its own sources, and shows what no configured source sent', async () => {
  const { call, receive } = await open(minute(0))
  await receive({ receivedMs: minute(0), source: 'unknown', agency: 'attt' })
  expect((await call('listSources', {}, health)).items.map(({ id }) => id)).toEqual(['lab'])
  expect((await call('listSources')).items.map(({ id }) => id)).toEqual(['portal', 'lab', 'unknown'])
  await expect(
    call('readLedger', { params: { id: 'portal' }, query: { from: '2026-11-22T03:00:00Z', to: '2026-11-22T04:00:00Z' } }, health),
  ).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('finds the rejected frames of a source with their bytes', async () => {
  const { call, searches } = await open(minute(0))
  expect(await call('listRejected', { params: { id: 'portal' }, query: { limit: 5 } })).toEqual({ items: [rejected] })
  expect(searches[0]).toMatchObject({
    order: 'newest',
    limit: 5,
    where: { all: [{ test: { value: 'pipeline_error' } }, { test: { value: 'portal' } }] },
  })
})

it('forgets old minutes and keeps the totals', async () => {
  const { ledger, call, receive } = await open(minute(0))
  await receive({ receivedMs: minute(0) }, { receivedMs: minute(60) })
  expect(await ledger.retain(new Date(minute(60)))).toBe(1)
  expect((await call('listSources')).items[0]).toMatchObject({ total: { stored: 2 } })
})

it('announces at most once a second', () => {
  let calls = 0
  const announce = atMostOnceASecond(() => calls++)
  for (let index = 0; index < 100; index++) announce()
  expect(calls).toBe(1)
})
