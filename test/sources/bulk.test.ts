import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

/** The intake in the words of Elasticsearch's `_bulk`, from the request to the analyzer. */
let collector: HttpCollector

beforeEach(async () => {
  collector = await HttpCollector.start()
})
afterEach(() => collector.stop())

const json = { 'content-type': 'application/x-ndjson' }
const bulk = (body: string | Buffer, { path = '/_bulk', headers = {} }: { path?: string; headers?: Record<string, string> } = {}) =>
  collector.fetch(path, { method: 'POST', body, headers: { ...json, ...headers } })
/** As `bulk`, without the name of a client. */
function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...json, authorization: `Bearer ${collector.token}` }
    const sending = request(`${collector.url}/_bulk`, { method: 'POST', headers }, (answer) => resolve(answer.resume().statusCode!))
    sending.on('error', reject).end(body)
  })
}
const statuses = async (answer: Response) =>
  ((await answer.json()) as { items: Record<string, { status: number }>[] }).items.map((item) =>
    Object.entries(item)
      .map(([operation, { status }]) => `${operation} ${status}`)
      .join(),
  )
const labels = () => collector.events.map((event) => event['labels.n'])
const received = async (count: number) => {
  await expect.poll(() => collector.analyzer.events.size).toBe(count)
}

it('takes create and index, one item an action, in order, with blank lines between', async () => {
  const answer = await bulk('{"create":{"_index":"logs"}}\n{"labels":{"n":"1"}}\n\n{"index":{"_id":"b"}}\r\n{"labels.n":"2"}\r\n', {
    path: '/other/_bulk',
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-elastic-product')).toBe('Elasticsearch')
  const text = await answer.text()
  expect(text).toContain('"errors":false,"items":[')
  expect(JSON.parse(text)).toMatchObject({
    items: [
      { create: { _index: 'logs', status: 201, result: 'created' } },
      { index: { _index: 'other', _id: 'b', status: 201, result: 'created' } },
    ],
  })
  await received(2)
  expect(labels()).toEqual(['1', '2'])
})

it('keeps what is wrong with one pair to that pair', async () => {
  const body = [
    '{"create":{}}',
    '{"labels.n":"1"}',
    '{"create":{}}',
    'no json',
    '{"crea',
    '{"labels.n":"lost with its action"}',
    '{"delete":{"_id":"x"}}',
    '{"update":{"_id":"x"}}',
    '{"doc":{}}',
    'noise',
    '{"index":{}}',
    '{"labels.n":"2"}',
    '{"create":{}}',
  ].join('\n')
  const answer = await bulk(gzipSync(body), { headers: { 'content-encoding': 'gzip' } })
  expect(await statuses(answer)).toEqual([
    'create 201',
    'create 400',
    'index 400',
    'delete 400',
    'update 400',
    'index 400',
    'index 201',
    'index 400',
  ])
  await received(6)
  const rejected = collector.events.filter((event) => event['event.kind'] === 'pipeline_error')
  expect(rejected.map((event) => [event['error.code'], event['event.original']])).toEqual([
    ['bad-json', 'no json'],
    ['bad-json', '{"crea\n{"labels.n":"lost with its action"}'],
    ['bad-json', 'noise'],
    ['bad-json', '{"create":{}}'],
  ])
  expect(collector.running.counters().dropped).toEqual([
    { source: 'app', reason: 'bulk-delete', count: 1 },
    { source: 'app', reason: 'bulk-update', count: 1 },
  ])
})

it('takes what was sent again once, also after a restart', async () => {
  const body =
    '{"create":{"_index":"i","_id":"1"}}\n{"labels.n":"1"}\n{"create":{"_index":"i","_id":"1"}}\n{"labels.n":"1"}\n{"index":{"_index":"i","_id":"2"}}\n{"labels.n":"2"}\n'
  expect(await statuses(await bulk(body))).toEqual(['create 201', 'create 409', 'index 201'])
  expect(await statuses(await bulk(body))).toEqual(['create 409', 'create 409', 'index 200'])
  await collector.restart()
  expect(await statuses(await bulk(body))).toEqual(['create 409', 'create 409', 'index 200'])
  const changed = '{"index":{"_index":"i","_id":"2"}}\n{"labels.n":"3"}\n{"create":{"_index":"j","_id":"1"}}\n{"labels.n":"4"}\n'
  expect(await statuses(await bulk(changed))).toEqual(['index 201', 'create 201'])
  await received(4)
  expect(labels()).toEqual(['1', '2', '3', '4'])
})

it('takes what a Beat sends again without ids once, and tells it that it was created', async () => {
  const read = (offset: number) => ({ message: 'đăng nhập', log: { offset, file: { path: '/var/log/a' } } })
  const turned = { log: { file: { path: '/var/log/a' }, offset: 1 }, message: 'đăng nhập' }
  const sent = (...documents: object[]) => documents.map((document) => `{"create":{"_index":"i"}}\n${JSON.stringify(document)}\n`).join('')
  expect(await statuses(await bulk(sent(read(1), read(2))))).toEqual(['create 201', 'create 201'])
  await collector.restart()
  expect(await statuses(await bulk(sent(turned, read(3))))).toEqual(['create 201', 'create 201'])
  await received(3)
  expect(collector.events.map((event) => event['log.offset'])).toEqual([1, 2, 3])
})

it('knows the source by a bearer token, a password, or an API key as Elastic encodes it', async () => {
  const { token } = collector
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const known = [
    `Bearer ${token}`,
    `Basic ${base64(`anybody:${token}`)}`,
    `ApiKey ${base64(`app:${token}`)}`,
    `ApiKey ${token}`,
    `apikey ${base64(token)}`,
  ]
  for (const authorization of known) expect((await bulk('{"create":{}}\n{}\n', { headers: { authorization } })).status).toBe(200)
  for (const authorization of ['Basic eA==', `Basic ${base64(`${token}:x`)}`, 'ApiKey eDp5', 'Negotiate x', '']) {
    const answer = await bulk('{"create":{}}\n{"a":1}\n', { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ status: 401, error: { type: 'security_exception' } })
  }
  await received(10)
})

it('answers 413 to what is too large, by bytes and by lines', async () => {
  const large = await bulk(Buffer.alloc(17 * 1024 * 1024, 10))
  expect(large.status).toBe(413)
  expect((await bulk('{"create":{}}\n{}\n'.repeat(100_001))).status).toBe(413)
  expect(collector.counts().received).toBe(0)
})

it('lets a sender wait while the journal is full, then tells it to come again, in words that are no JSON', async () => {
  await collector.stop()
  collector = await HttpCollector.start({ collector: { http: { port: 0 }, journal: { segmentBytes: 16_384, maxBytes: 65_536 } } })
  collector.analyzer.refuse = true
  const document = (n: number) => `{"create":{"_id":"${n}"}}\n{"labels":{"n":"${n}"},"message":"${'x'.repeat(10_000)}"}\n`
  let next = 0
  while (collector.running.counters().journalBytes < 65_536) expect((await bulk(document(next++))).status).toBe(200)
  const turnedAway = await bulk(document(next))
  expect([turnedAway.status, turnedAway.headers.get('retry-after'), turnedAway.headers.get('content-type')]).toEqual([
    503,
    '5',
    'text/plain; charset=utf-8',
  ])
  // rsyslog, which would double what is answered so, says nothing of itself.
  await expect(post(document(next))).rejects.toThrow('socket hang up')
  collector.analyzer.refuse = false
  // As shippers do: how long the collector leaves an analyzer alone that refused is not the sender's to know.
  let answer = await bulk(document(next))
  while (answer.status === 503) answer = await bulk(document(next))
  expect(await statuses(answer)).toEqual(['create 201'])
  await received(next + 1)
})
