import { gzipSync } from 'node:zlib'
import { batchLimits, type BatchHeader, type CollectorCounters, type TrialAnswer, type TrialOrder } from '@vonggac/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLinkServer } from './link-server.ts'

const secret = 'a secret that both ends know'
const header: BatchHeader = { collector: 'c1', first: 3, last: 4, count: 2, tallies: [] }
const lines = '{"event.id":"a"}\n{"event.id":"b"}\n'

const assignments = { current: { version: 'v1', sources: [], tokens: [], paused: [], revoked: [], networks: [], parsers: [] } }
const order: TrialOrder = { id: 't1', kind: 'try', yaml: 'x', lines: [], framing: 'plain' }
const orders: TrialOrder[] = []
const answered: [string, TrialAnswer][] = []
const trials = {
  next: async () => orders.shift(),
  answer: (id: string, answer: TrialAnswer) => void answered.push([id, answer]),
  close: () => {},
}
const authority = { certificate: 'the authority', issueServer: async (request: string) => ({ certificate: `for ${request}` }) }

let received: { header: BatchHeader; text: string }[]
let counted: CollectorCounters[]
let app: ReturnType<typeof createLinkServer>

beforeEach(() => {
  received = []
  counted = []
  app = createLinkServer({
    secret,
    assignments,
    trials,
    authority,
    logger: pino({ level: 'silent' }),
    receiver: {
      async receive(given, bytes) {
        received.push({ header: given, text: Buffer.from(bytes).toString() })
        return { collector: given.collector, last: given.last, stored: given.count, rejected: 0 }
      },
      counters: async (counters) => void counted.push(counters),
    },
  })
})
afterEach(() => app.close())

const headers = (more: Record<string, string> = {}) => ({
  authorization: `Bearer ${secret}`,
  'content-type': 'application/x-ndjson',
  'x-vonggac-batch': JSON.stringify(header),
  ...more,
})
const send = (given: Record<string, string>, payload: string | Buffer = lines) =>
  app.inject({ method: 'POST', url: '/link/v1/batches', headers: given, payload })

test('a batch is handed over as it came and answered with its receipt', async () => {
  const reply = await send(headers())
  expect([reply.statusCode, reply.json()]).toEqual([200, { collector: 'c1', last: 4, stored: 2, rejected: 0 }])
  expect(received).toEqual([{ header, text: lines }])
})

test('a gzipped batch is unpacked', async () => {
  expect((await send(headers({ 'content-encoding': 'gzip' }), gzipSync(lines))).statusCode).toBe(200)
  expect(received[0]!.text).toBe(lines)
})

test('an empty batch is a batch', async () => {
  expect((await send(headers(), '')).statusCode).toBe(200)
  expect(received[0]!.text).toBe('')
})

test('a collector is given a certificate, and the authority that vouches for it', async () => {
  const headers = { authorization: `Bearer ${secret}` }
  const reply = await app.inject({ method: 'POST', url: '/link/v1/certificate', headers, payload: { request: 'c1' } })
  expect([reply.statusCode, reply.json()]).toEqual([200, { certificate: 'for c1', authority: 'the authority' }])
  expect((await app.inject({ method: 'POST', url: '/link/v1/certificate', payload: { request: 'c1' } })).statusCode).toBe(401)
})

test('counters are handed over, and the answer names the assignment in force', async () => {
  const counters = {
    collector: 'c1',
    at: '2026-03-01T00:00:00.000Z',
    journaled: 5,
    acknowledged: 4,
    journalBytes: 100,
    assignment: 'none',
    trouble: [],
    dropped: [],
    sources: [],
  }
  const reply = await app.inject({
    method: 'POST',
    url: '/link/v1/counters',
    headers: { authorization: `Bearer ${secret}` },
    payload: counters,
  })
  expect([reply.statusCode, reply.json()]).toEqual([200, { assignment: 'v1' }])
  expect(counted).toEqual([counters])
  const assignment = await app.inject({ url: '/link/v1/assignment', headers: { authorization: `Bearer ${secret}` } })
  expect(assignment.json()).toEqual(assignments.current)
  expect((await app.inject({ url: '/link/v1/assignment' })).statusCode).toBe(401)
})

test('a collector is given what somebody tries out, or nothing, and answers', async () => {
  const authorization = `Bearer ${secret}`
  const ask = () => app.inject({ url: '/link/v1/trials', headers: { authorization } })
  orders.push(order)
  expect((await ask()).json()).toEqual(order)
  expect((await ask()).statusCode).toBe(204)
  const answer = (payload: object) => app.inject({ method: 'POST', url: '/link/v1/trials/t1', headers: { authorization }, payload })
  expect((await answer({ results: [] })).statusCode).toBe(204)
  expect(answered).toEqual([['t1', { results: [] }]])
  expect((await answer({ results: 7 })).statusCode).toBe(422)
  expect((await app.inject({ url: '/link/v1/trials' })).statusCode).toBe(401)
})

test.each([
  ['no secret', { authorization: '' }],
  ['another secret', { authorization: 'Bearer another secret' }],
  ['another scheme', { authorization: `Basic ${secret}` }],
])('%s is refused before anything is read', async (_name, more) => {
  const reply = await send(headers(more))
  expect([reply.statusCode, reply.json().code]).toEqual([401, 'unknown-token'])
  expect(received).toEqual([])
})

test.each([
  ['no header', { 'x-vonggac-batch': '' }, 'The header x-vonggac-batch is not JSON.'],
  ['a header that is not JSON', { 'x-vonggac-batch': '{' }, 'The header x-vonggac-batch is not JSON.'],
  ['a batch that ends before it begins', { 'x-vonggac-batch': JSON.stringify({ ...header, last: 2 }) }, 'ends (2) before it begins (3)'],
  ['a header with a wrong name', { 'x-vonggac-batch': JSON.stringify({ ...header, collector: 'C 1' }) }, 'x-vonggac-batch.collector: '],
  ['an unknown encoding', { 'content-encoding': 'br' }, 'content-encoding br is not known here'],
  ['what is not gzip', { 'content-encoding': 'gzip' }, 'says that it is gzip and is not'],
])('%s is told', async (_name, more, detail) => {
  const reply = await send(headers(more))
  expect([reply.statusCode, reply.json().code]).toEqual([422, 'invalid-batch'])
  expect(reply.json().detail).toContain(detail)
})

test('what unpacks beyond the bound is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(batchLimits.bodyBytes + 1))
  const reply = await send(headers({ 'content-encoding': 'gzip' }), bomb)
  expect([reply.statusCode, reply.json().code]).toEqual([413, 'too-large'])
})

test('a batch of thousands of sources and minutes fits into the header', async () => {
  const tallies = Array.from({ length: 5_000 }, (_, i) => ({
    source: `source-${i}`,
    agency: 'congdan',
    minute: '2026-03-01T00:00:00.000Z',
    journaled: 1,
    rejected: {},
  }))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const reply = await fetch(`${address}/link/v1/batches`, {
    method: 'POST',
    headers: headers({ 'x-vonggac-batch': JSON.stringify({ ...header, tallies }) }),
    body: lines,
  })
  expect(reply.status).toBe(200)
  expect(received[0]!.header.tallies).toHaveLength(5_000)
})

test('a short secret is a mistake of the configuration', () => {
  const receiver = { receive: () => Promise.reject(new Error('unused')), counters: async () => undefined }
  expect(() => createLinkServer({ secret: 'short', assignments, trials, authority, logger: pino({ level: 'silent' }), receiver })).toThrow(
    'fewer than 16 characters',
  )
})

test('a batch under way is finished and answered before the server is closed', async () => {
  let finish = () => {}
  const taken = new Promise<void>((resolve) => {
    finish = resolve
  })
  let arrived = () => {}
  const underWay = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const slow = createLinkServer({
    assignments,
    trials,
    authority,
    secret,
    logger: pino({ level: 'silent' }),
    receiver: {
      async receive({ collector, last, count }) {
        arrived()
        await taken
        return { collector, last, stored: count, rejected: 0 }
      },
      counters: async () => {},
    },
  })
  const address = await slow.listen({ port: 0, host: '127.0.0.1' })
  const reply = fetch(`${address}/link/v1/batches`, { method: 'POST', headers: headers(), body: lines })
  await underWay
  let closed = false
  const closing = slow.close().then(() => (closed = true))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(closed).toBe(false)
  finish()
  expect((await reply).status).toBe(200)
  await closing
})
