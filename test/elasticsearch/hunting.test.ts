import { fields, formatEventId, type RetroHunt, type Scope } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertKind, createHitRecorder } from '../../analyzer/src/alerts/index.ts'
import { createAuditRecorder } from '../../analyzer/src/audit/index.ts'
import { ruleIn, rulesFrom } from '../../analyzer/src/detection/testing.ts'
import { openHunting, ThreadedMatching, type Hunting } from '../../analyzer/src/hunting/index.ts'
import { systemClock, type Handlers } from '../../analyzer/src/platform/index.ts'
import { openElasticsearchDocumentStore, openElasticsearchEventStore } from '../../analyzer/src/storage/index.ts'
import type { DocumentStore, EventStore } from '../../analyzer/src/storage/index.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'

const url = sharedElasticsearch()
const analyst: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
const exchange = { signal: new AbortController().signal } as Parameters<Handlers['searchEvents']>[2]
const traversal = '11111111-1111-4111-8111-111111111111'
const rule = `
title: Path Traversal
id: ${traversal}
logsource: { category: webserver }
detection: { selection: { url.original|contains: '../' }, filter: { http.response.status_code: 404 }, condition: selection and not filter }
level: high
vonggac: { group_by: [source.ip] }
`
const hour = 3_600_000
const begun = Date.now() - 12 * hour

/** Ten events an hour for ten hours: in each hour an attack, one that failed, and eight of no interest. */
const lines = Array.from({ length: 100 }, (_, position) => {
  const receivedMs = begun + Math.floor(position / 10) * hour + (position % 10) * 1_000
  const attack = position % 10 < 2
  return `${JSON.stringify({
    [fields.timestamp]: new Date(receivedMs).toISOString(),
    [fields.id]: formatEventId(receivedMs, 'c1', position),
    [fields.received]: new Date(receivedMs).toISOString(),
    [fields.dataset]: 'nginx.access',
    [fields.agency]: 'congdan',
    [fields.source]: 'congdan-web',
    [fields.logSourceCategory]: 'webserver',
    'url.original': attack ? '/../etc/passwd' : '/',
    'http.response.status_code': position % 10 === 1 ? 404 : 200,
    'source.ip': '203.0.113.7',
  })}\n`
})

describe.skipIf(url === undefined)('hunting on Elasticsearch', () => {
  const prefix = `hunt-${process.pid}`
  let events: EventStore
  let documents: DocumentStore
  let hunting: Hunting

  beforeAll(async () => {
    const connection = { nodes: [url!] }
    events = await openElasticsearchEventStore({ connection, prefix, replicas: 0 })
    documents = await openElasticsearchDocumentStore({ connection, prefix, clock: systemClock })
    await events.append({ collector: 'c1', first: 0, last: 99, count: 100, bytes: Buffer.from(lines.join('')) })
    const inUse = rulesFrom(rule)
    const entry = (id: string) => {
      const loaded = ruleIn(inUse, id)
      return loaded && { loaded, diagnostics: [] }
    }
    hunting = await openHunting({
      documents,
      events,
      hits: createHitRecorder({ documents, announcer: { announce: () => {} }, clock: systemClock }),
      matching: new ThreadedMatching(),
      rules: { entry, inUse: () => inUse },
      audit: createAuditRecorder(documents, systemClock),
      clock: systemClock,
      operator: 'attt',
      alertVolume: async () => [],
      collectors: () => [],
      mostExported: 1_000,
    })
  })
  afterAll(async () => {
    await hunting.close()
    await events.close()
    await documents.close()
    for (const path of [`_data_stream/${prefix}-*`, `_index_template/${prefix}-*`, `_component_template/${prefix}-*`, `${prefix}-*`])
      await fetch(`${url}/${path}`, { method: 'DELETE' })
  })

  const period = { from: new Date(begun - hour).toISOString(), to: new Date(begun + 13 * hour).toISOString() }
  const base = { ...period, query: 'url.original: *..*', clock: 'received' } as const
  const call = { params: undefined, query: undefined }

  it('searches, counts, measures and explains', async () => {
    const { handlers } = hunting
    const page = await handlers.searchEvents({ ...call, body: { ...base, order: 'newest', limit: 15 } }, analyst, exchange)
    expect(page.items).toHaveLength(15)
    expect(page.explanation.unit).toBe('index')
    const rest = await handlers.searchEvents(
      { ...call, body: { ...base, order: 'newest', limit: 15, after: page.next! } },
      analyst,
      exchange,
    )
    expect([rest.items.length, rest.next]).toEqual([5, null])
    expect((await handlers.countEvents({ ...call, body: { ...base, buckets: 60 } }, analyst, exchange)).total).toBe(20)
    const asked = { ...base, field: 'http.response.status_code', first: 'most', size: 5 } as const
    const values = await handlers.fieldValues({ ...call, body: asked }, analyst, exchange)
    expect(values.measure).toMatchObject({ events: 20, distinct: 2, numbers: { minimum: 200, maximum: 404 } })
  })

  it('finds by patterns of fields, and tells what they stood for', async () => {
    const search = async (query: string) =>
      hunting.handlers.searchEvents({ ...call, body: { ...base, query, order: 'newest', limit: 100 } }, analyst, exchange)
    const found = await search('*.ip: 203.0.113.7 and url.*: *..* and *code > 400')
    expect(found.items).toHaveLength(10)
    const [ip, , code] = found.explanation.patterns
    expect(ip!.fields).toContain('source.ip')
    expect(code!.fields).toContain('http.response.status_code')
    expect((await search('not *.ip: 203.0.113.0/24')).items).toEqual([])
    expect((await search('event.created >= now-1d and @timestamp < now')).items).toHaveLength(100)
  })

  it('runs rules over history, and adds nothing when it is repeated', async () => {
    const { handlers } = hunting
    const run = async (): Promise<RetroHunt> => {
      const started = await handlers.startRetroHunt({ ...call, body: { ...period, rules: [traversal], mode: 'alerts' } }, analyst, exchange)
      const read = () => handlers.readRetroHunt({ params: { id: started.id }, query: undefined, body: undefined }, analyst, exchange)
      await expect.poll(async () => (await read()).state, { interval: 200 }).not.toBe('running')
      return read()
    }
    const found = { state: 'done', progress: 1, scanned: 100, skipped: [], findings: [{ rule: traversal, hits: 10 }] }
    expect(await run()).toMatchObject({ ...found, alerts: 10 })
    expect(await run()).toMatchObject({ ...found, alerts: 0 })
    expect(await documents.count(analyst, alertKind, { all: [] })).toBe(10)
  })
})
