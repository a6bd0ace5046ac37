import type { Alert } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { batchOf } from '../detection/testing.ts'
import { alertsHandlers } from './handlers.ts'
import { createHitRecorder } from './record-hits.ts'
import { riskOf } from './risk.ts'
import { analyst, attackFrom, elsewhere, openTestSoc } from './testing.ts'
import { createAlertVolume, alertsByRule } from './volume.ts'

const exchange = undefined as never
const list = { params: undefined, body: undefined } as const

function open() {
  const soc = openTestSoc()
  const handlers = alertsHandlers(soc)
  return {
    soc,
    handlers,
    all: async (query = {}, scope = analyst) => handlers.listAlerts({ ...list, query: { limit: 50, ...query } }, scope, exchange),
    read: (id: string, scope = analyst) => handlers.readAlert({ params: { id }, query: undefined, body: undefined }, scope, exchange),
    change: (alert: Alert, change: object, scope = analyst) =>
      handlers.changeAlert({ params: { id: alert.id }, query: undefined, body: { version: alert.version, ...change } }, scope, exchange),
  }
}

it('lists alerts by filter, with counts of what other choices would show', async () => {
  const { soc, all } = open()
  await soc.receive(attackFrom('203.0.113.7'), attackFrom('203.0.113.7'), attackFrom('203.0.113.8', 'yte'))
  expect((await all()).items).toHaveLength(2)
  const { items, counts } = await all({ entity: '203.0.113.7', status: ['closed'] })
  expect(items).toEqual([])
  expect(counts).toEqual({ status: { new: 1 }, severity: {} })
  expect((await all({}, elsewhere)).items.map(({ agency }) => agency)).toEqual(['yte'])
})

it('shows an alert with its events, and the reason in the rule and in the event', async () => {
  const { soc, all, read } = open()
  await soc.receive(attackFrom('203.0.113.7'))
  const [alert] = (await all()).items
  const detail = await read(alert!.id)
  expect(detail.alert).toMatchObject({
    rule: { titles: { vi: 'Yêu cầu web vượt thư mục', en: 'Path Traversal' } },
    entities: { host: ['web-01'] },
  })
  expect(detail.rule).toMatchObject({ playbook: 'web-intrusion', reason: { en: 'The request reads files outside the public folder.' } })
  expect(detail.events[0]?.findings).toEqual([
    { field: 'url.original', test: 'contains', expected: '../', actual: ['/../etc/passwd'], negated: false, spans: [[[1, 4]]] },
    { field: 'http.response.status_code', test: 'equals', expected: '404', actual: [], negated: true },
  ])
  await expect(read(alert!.id, elsewhere)).rejects.toMatchObject({ code: 'not-found' })
})

it('changes an alert for the person who saw it last, also while hits arrive', async () => {
  const { soc, all, change, read } = open()
  await soc.receive(attackFrom('203.0.113.7'))
  const [seen] = (await all()).items
  await soc.receive(attackFrom('203.0.113.7'))
  const changed = await change(seen!, { status: 'acknowledged', assignee: 'an', note: 'Đang xem' })
  expect(changed).toMatchObject({ status: 'acknowledged', assignee: 'an', hits: { count: 2 }, version: 2 })
  await expect(change(seen!, { assignee: null })).rejects.toMatchObject({ code: 'conflict' })
  const closed = await change(changed, { status: 'closed', resolution: 'false-positive', assignee: null })
  expect(closed).not.toHaveProperty('assignee')
  expect((await read(seen!.id)).notes).toMatchObject([{ by: 'an', text: 'Đang xem' }])
  expect(soc.audited.map(({ action, detail }) => [action, detail['was']])).toEqual([
    ['alert.change', { status: 'new' }],
    ['alert.change', { status: 'acknowledged', assignee: 'an' }],
  ])
  expect(soc.announced.filter(({ type }) => type === 'alert')).toHaveLength(4)
})

it('opens an alert again that was closed as true and goes on; one that was judged otherwise counts on, closed', async () => {
  const { soc, all, change } = open()
  const only = async () => (await all()).items[0]!
  for (const [resolution, status] of [
    ['benign', 'closed'],
    ['false-positive', 'closed'],
    ['duplicate', 'closed'],
    ['true-positive', 'new'],
  ]) {
    await soc.receive(attackFrom('203.0.113.7'))
    const before = await only()
    await change(before, { status: 'closed', resolution, assignee: 'an' })
    await soc.receive(attackFrom('203.0.113.7'))
    const after = await only()
    expect([after.status, after.resolution, after.assignee]).toEqual([status, status === 'closed' ? resolution : undefined, 'an'])
    expect(after.hits.count).toBe(before.hits.count + 1)
  }
})

it('counts alerts over time and by rule', async () => {
  const { soc } = open()
  await soc.receive(attackFrom('203.0.113.7'), attackFrom('203.0.113.8'))
  const range = { from: new Date('2026-11-22T02:00:00Z'), to: new Date('2026-11-22T04:00:00Z') }
  const volume = createAlertVolume(soc.documents)
  expect(await volume(analyst, range)).toEqual([{ at: Date.parse('2026-11-22T03:00:00Z'), severity: 'high', count: 2 }])
  expect(await volume(analyst, range, 'other')).toEqual([])
  expect([...(await alertsByRule(soc.documents, analyst))]).toEqual([
    ['11111111-1111-4111-8111-111111111111', { count: 2, lastAt: '2026-11-22T03:00:30.000Z' }],
  ])
})

it('raises the risk with repetition, never past the next severity', () => {
  expect([1, 2, 10, 1_000_000].map((hits) => riskOf('high', hits))).toEqual([75, 79, 85, 85])
  expect(riskOf('critical', 1_000_000)).toBe(100)
})

it('puts a flood of groups beyond the bound into one alert, each hit once, also when it is repeated', async () => {
  const { soc, all } = open()
  const hits = createHitRecorder({ ...soc, bound: 50 })
  const address = (index: number) => `198.51.100.${index}`
  const frames = Array.from({ length: 90 }, (_, index) => attackFrom(address(index)))
  for (const [first, last] of [
    [0, 30],
    [30, 90],
  ] as const) {
    const { header, bytes } = batchOf('c1', first, frames.slice(first, last), soc.clock.now().getTime())
    const { groups } = await soc.detector.evaluate(header, bytes)
    await hits.record('c1', groups)
    await hits.record('c1', groups)
  }
  const overflow = (await all({ entity: address(51) })).items
  expect(overflow).toMatchObject([{ group: { 'source.ip': '*' }, hits: { count: 40, upTo: { c1: 89 } } }])
  expect((await all()).counts.status).toEqual({ new: 51 })
})
