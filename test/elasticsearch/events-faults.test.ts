import { isVonggacError, textOf, type Scope } from '@vonggac/contract'
import { readEvent, type Expression } from '@vonggac/sigma'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EventSearch } from '../../analyzer/src/storage/event-store.ts'
import { openElasticsearchEventStore, type ElasticsearchEventStore } from '../../analyzer/src/storage/elasticsearch/events/event-store.ts'
import { toDocument } from '../../analyzer/src/storage/elasticsearch/events/document.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { countsOnce, everyone, everything, numberedBatch, sendUntilTaken } from '../support/numbered-events.ts'

const url = sharedElasticsearch()

/** Faults that a proxy in front of a healthy server can play, and those that an operator makes. */
describe.skipIf(url === undefined)('the event store meets trouble', () => {
  let proxy: FaultyProxy
  let store: ElasticsearchEventStore
  let prefix: string
  let made = 0
  const ask = async (method: string, path: string, body?: object) => {
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${url}/${path}`, { method, ...json })
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true)
    return (await answer.json()) as Record<string, unknown>
  }
  const open = (patienceMs: number) =>
    openElasticsearchEventStore({ connection: { nodes: [proxy.url] }, replicas: 0, prefix, limits: { requestBytes: 20_000, patienceMs } })
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => (isVonggacError(error) ? error.code : error),
    )
  const whereField = (field: string, value: string): Expression => ({ field, test: { kind: 'equals', value } })

  beforeAll(async () => {
    proxy = await FaultyProxy.start(url!)
  })
  afterAll(() => proxy.close())
  beforeEach(async () => {
    prefix = `faults-${process.pid}-${made++}`
    store = await open(2_000)
  })
  afterEach(async () => {
    proxy.heal()
    await store.close()
    await ask('DELETE', `_data_stream/${prefix}-*`)
    await ask('DELETE', `_index_template/${prefix}-*`)
    await ask('DELETE', `${prefix}-event-state`)
  })

  it('stores every event once through a storm of refusals and cut connections', async () => {
    let turn = 0
    proxy.inflict((path) => {
      if (path !== '/_bulk') return undefined
      const now = ++turn
      switch (now % 5) {
        case 0:
          return undefined
        case 1:
          return { kind: 'answer', status: 429, type: 'es_rejected_execution_exception' }
        case 2:
          return { kind: 'refuse-items', which: (at) => (at * 7 + now) % 3 !== 0 }
        case 3:
          return { kind: 'cut-answer' }
        default:
          return { kind: 'cut' }
      }
    })
    const send = async (collector: string) => {
      let stored = 0
      for (let first = 0; first < 600; first += 200) stored += await sendUntilTaken(store, numberedBatch(collector, first, 200))
      return stored
    }
    await Promise.all(['c1', 'c2', 'c3'].map(send))
    expect(proxy.faults).toBeGreaterThan(10)
    proxy.heal()
    expect(await countsOnce(store)).toEqual({ events: 1_800, different: 1_800, counted: 1_800 })
    expect(await store.positions()).toEqual(new Map(['c1', 'c2', 'c3'].map((collector) => [collector, 599])))
  })

  it('says that it is busy when Elasticsearch takes nothing for long, and goes on when it does', async () => {
    proxy.inflict((path) => (path === '/_bulk' ? { kind: 'answer', status: 429, type: 'es_rejected_execution_exception' } : undefined))
    expect(await codeOf(store.append(numberedBatch('c1', 0, 10)))).toBe('busy')
    proxy.heal()
    expect(await store.append(numberedBatch('c1', 0, 10))).toEqual({ stored: 10 })
  })

  it('survives that Elasticsearch is away, says so, and goes on by itself', async () => {
    await store.append(numberedBatch('c1', 0, 10))
    proxy.inflict(() => ({ kind: 'cut' }))
    expect(await codeOf(store.append(numberedBatch('c1', 10, 10)))).toBe('store-failed')
    expect(await codeOf(store.count(everyone, everything))).toBe('store-failed')
    const { state, detail } = await store.health()
    expect(state).toBe('failed')
    expect(textOf(detail)).toMatch(/cannot be reached|none of its addresses answers/)
    proxy.heal()
    expect(await store.append(numberedBatch('c1', 10, 10))).toEqual({ stored: 10 })
    expect(await store.health()).toMatchObject({ state: 'ready', events: 20 })
  })

  it('doubles nothing when a batch that came through in part is sent again to the next backing index', async () => {
    let bulks = 0
    proxy.inflict((path) => (path === '/_bulk' && ++bulks > 1 ? { kind: 'cut' } : undefined))
    expect(await codeOf(store.append(numberedBatch('c1', 0, 200)))).toBe('store-failed')
    proxy.heal()
    for (const agency of ['port', 'health']) await ask('POST', `${prefix}-events-${agency}/_rollover`)
    const second = await open(2_000)
    try {
      const { stored } = await second.append(numberedBatch('c1', 0, 200))
      expect(stored).toBeGreaterThan(0)
      expect(stored).toBeLessThan(200)
      expect(await countsOnce(second)).toEqual({ events: 200, different: 200, counted: 200 })
    } finally {
      await second.close()
    }
  })

  it('doubles nothing when a request comes through late and its stream turns before the repeat', async () => {
    const batch = numberedBatch('c1', 0, 30)
    const late = Buffer.from(batch.bytes).toString().split('\n')[7]!
    const { 'event.id': id } = JSON.parse(late) as { 'event.id': string }
    const document = { ...toDocument(readEvent(late))!.source }
    proxy.inflict((path) => (path === '/_bulk' ? { kind: 'cut' } : undefined))
    expect(await codeOf(store.append(batch))).toBe('store-failed')
    let turned = false
    const happens = async () => {
      if (turned) return
      turned = true
      await ask('PUT', `${prefix}-events-port/_create/${id}`, document)
      await ask('POST', `${prefix}-events-port/_rollover`)
    }
    await ask('PUT', `_data_stream/${prefix}-events-port`)
    proxy.inflict((path) => (path === '/_bulk' ? { kind: 'meanwhile', happens } : undefined))
    expect(await store.append(batch)).toEqual({ stored: 29 })
    expect(await countsOnce(store)).toEqual({ events: 30, different: 30, counted: 30 })
  })

  it('answers before it has any event', async () => {
    const newest: EventSearch = { ...everything, order: 'newest', limit: 5 }
    const port: Scope = { ...everyone, agency: 'port' }
    for (const scope of [everyone, port]) {
      expect(await store.count(scope, everything)).toBe(0)
      expect(await store.search(scope, newest)).toEqual({ items: [], next: null })
      expect(await store.aggregate(scope, everything, { by: 'terms', field: 'user.name', size: 5 })).toEqual([])
      expect(await store.aggregate(scope, everything, { by: 'time', bucketSeconds: 60, split: 'user.name' })).toEqual([])
      expect(await store.measure(scope, everything, 'source.port')).toEqual({ events: 0, distinct: 0, exact: true })
      expect(await store.count(scope, { ...everything, where: { field: '*', test: { kind: 'contains', value: 'x' } } })).toBe(0)
      expect((await store.explain(scope, everything)).all).toEqual({ units: 0, events: 0, bytes: 0 })
    }
    expect((await countsOnce(store)).events).toBe(0)
    expect(await store.positions()).toEqual(new Map())
    expect(await store.retain({ before: new Date(), exceptions: [], holds: [] })).toEqual({ events: 0, bytes: 0 })
    expect(await store.health()).toMatchObject({ state: 'ready', detail: '', events: 0, parts: [] })
  })

  it('lets a collector change between analyzers at any time', async () => {
    const other = await open(2_000)
    try {
      expect(await store.append(numberedBatch('c1', 0, 20))).toEqual({ stored: 20 })
      expect(await other.append(numberedBatch('c1', 10, 20))).toEqual({ stored: 10 })
      expect(await store.append(numberedBatch('c1', 20, 10))).toEqual({ stored: 0 })
      expect(await store.append(numberedBatch('c1', 30, 10))).toEqual({ stored: 10 })
      expect(await other.append(numberedBatch('c1', 0, 50))).toEqual({ stored: 10 })
      const rivals = await Promise.all([store, other].map((each) => each.append(numberedBatch('c1', 50, 30))))
      expect(rivals.reduce((sum, { stored }) => sum + stored, 0)).toBe(30)
      expect(await countsOnce(store)).toEqual({ events: 80, different: 80, counted: 80 })
      expect(await other.positions()).toEqual(new Map([['c1', 79]]))
    } finally {
      await other.close()
    }
  })

  it('waits while an index is read-only, and says which and why', async () => {
    await store.append(numberedBatch('c1', 0, 10))
    await ask('PUT', `${prefix}-events-*/_settings`, { 'index.blocks.write': true })
    expect(await codeOf(store.append(numberedBatch('c1', 10, 10)))).toBe('store-failed')
    expect(await store.health()).toMatchObject({
      state: 'failed',
      detail: expect.arrayContaining([expect.objectContaining({ code: 'indices-blocked' })]),
      events: 10,
    })
    expect(await store.count(everyone, everything)).toBe(10)
    await ask('PUT', `${prefix}-events-*/_settings`, { 'index.blocks.write': null })
    expect(await store.append(numberedBatch('c1', 10, 10))).toEqual({ stored: 10 })
    expect(await store.health()).toMatchObject({ state: 'ready', events: 20 })
  })

  it('keeps events whole, and finds them, when their fields contradict a mapping', async () => {
    await store.append(numberedBatch('c1', 0, 3))
    await ask('PUT', `${prefix}-events-port/_mapping`, { properties: { 'custom.size': { type: 'long' } } })
    const details = (position: number) => ({ 'custom.size': position % 2 === 0 ? position : `some ${position}` })
    expect(await store.append(numberedBatch('c1', 3, 30, details))).toEqual({ stored: 30 })
    expect(await store.count(everyone, everything)).toBe(33)
    expect(await store.count(everyone, { ...everything, where: whereField('custom.size', 'some 7') })).toBe(1)
    expect(await store.count(everyone, { ...everything, where: { field: 'message', test: { kind: 'contains', value: 'LINE 7' } } })).toBe(1)
    expect(textOf((await store.health()).detail)).toContain('refused the fields of 10 events')
    const values = await store.aggregate(everyone, everything, { by: 'terms', field: 'custom.size', size: 100 })
    expect(values.map(({ count }) => count)).toEqual(Array.from({ length: 30 }, () => 1))
  })

  it('finds fields beyond the limit of a mapping', async () => {
    const wide = (position: number) => Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`wide.f${position}.n${n}`, `value ${n}`]))
    const batch = numberedBatch('c1', 0, 40, wide)
    expect(await store.append(batch)).toEqual({ stored: 40 })
    for (const position of [1, 20, 38])
      expect(await store.count(everyone, { ...everything, where: whereField(`wide.f${position}.n77`, 'VALUE 77') })).toBe(1)
    expect(await store.count(everyone, { ...everything, where: { not: whereField('wide.f38.n77', 'value 77') } })).toBe(39)
  })

  it('keeps lines that are no events', async () => {
    const good = numberedBatch('c1', 0, 2)
    const bytes = Buffer.concat([good.bytes, Buffer.from('no json\n{"event.id":"nonsense"}\n')])
    expect(await store.append({ ...good, last: 3, count: 4, bytes })).toEqual({ stored: 4 })
    expect(await store.count(everyone, everything)).toBe(2)
    expect(textOf((await store.health()).detail)).toContain(`2 lines that are no events are kept in ${prefix}-rejected`)
  })

  it('keeps texts of any length', async () => {
    const long = (position: number) => ({
      message: `${'x'.repeat(position * 20_000)} needle ${position}`,
      'custom.text': 'y'.repeat(40_000),
    })
    await store.append(numberedBatch('c1', 0, 4, long))
    expect(await store.count(everyone, { ...everything, where: { field: 'message', test: { kind: 'suffix', value: 'NEEDLE 3' } } })).toBe(1)
    expect(await store.count(everyone, { ...everything, where: { field: 'custom.text', test: { kind: 'prefix', value: 'yyy' } } })).toBe(4)
    expect((await store.measure(everyone, everything, 'custom.text')).events).toBe(4)
  })
})
