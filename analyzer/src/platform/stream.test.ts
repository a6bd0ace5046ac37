import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scope } from '@vonggac/contract'
import { afterEach, expect, test } from 'vitest'
import type { ActiveSession } from './sessions.ts'
import { streamDefaults, type StreamOptions } from './stream.ts'
import { testServer, type TestServer } from './testing.ts'

const scope = (agency: string): Scope => ({ agency, role: 'viewer', tlp: 'TLP:RED', actor: 'somebody' })
const rules = { type: 'rules' } as const

const open: TestServer[] = []
afterEach(async () => {
  for (const { app } of open.splice(0)) await app.close()
})

async function serve(options: Partial<StreamOptions> = {}) {
  const valid = new Map<string, ActiveSession>([
    ['centre', { scope: scope('*') }],
    ['portal', { scope: scope('congdan') }],
  ])
  const server = await testServer({ sessions: { find: async (id) => valid.get(id) }, stream: { ...streamDefaults, ...options } })
  open.push(server)
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.app.server.address() as AddressInfo
  return { ...server, port, valid }
}

interface Listener {
  readonly status: number | undefined
  readonly reply: IncomingMessage
  text(): string
  readonly closed: Promise<void>
}

function listen(port: number, session: string, headers: Record<string, string> = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/api/stream', headers: { cookie: `vonggac=${session}`, ...headers } },
      (reply) => {
        let text = ''
        reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        const closed = new Promise<void>((done) => reply.on('close', done).on('error', () => done()))
        resolve({ status: reply.statusCode, reply, text: () => text, closed })
      },
    )
    outgoing.on('error', reject).end()
  })
}

test('a message reaches the sessions whose scope covers the agency', async () => {
  const { stream, port } = await serve()
  const [centre, portal] = await Promise.all([listen(port, 'centre'), listen(port, 'portal')])
  await expect.poll(() => stream.size).toBe(2)
  stream.announce(rules, 'khodulieu')
  stream.announce({ type: 'ledger' }, 'congdan')
  await expect.poll(() => portal.text()).toContain('event: ledger')
  await expect.poll(() => centre.text()).toContain('event: ledger')
  expect(centre.text()).toContain('id: 1\nevent: rules\ndata: {}\n\n')
  expect(portal.text()).not.toContain('rules')
  expect(centre.reply.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(centre.reply.headers['content-security-policy']).toContain("default-src 'self'")
})

test('a message without an agency reaches everybody', async () => {
  const { stream, port } = await serve()
  const portal = await listen(port, 'portal')
  stream.announce(rules)
  await expect.poll(() => portal.text()).toContain('event: rules')
})

test('without a session there is no stream', async () => {
  const { port } = await serve()
  const reply = await listen(port, 'nobody')
  await reply.closed
  expect(reply.status).toBe(401)
  expect(JSON.parse(reply.text())).toMatchObject({ code: 'not-signed-in' })
})

test('who comes back is told to fetch anew', async () => {
  const { port } = await serve()
  const back = await listen(port, 'portal', { 'last-event-id': '7' })
  await expect.poll(() => back.text()).toContain('event: refetch')
})

test('a heartbeat keeps the connection, and ends it when the session has ended', async () => {
  const { port, valid } = await serve({ heartbeatMs: 20 })
  const portal = await listen(port, 'portal')
  await expect.poll(() => portal.text()).toContain(': still here')
  valid.delete('portal')
  await portal.closed
})

test('a slow client is let go', async () => {
  const { stream, port } = await serve({ maxBufferedBytes: 10_000 })
  const slow = await listen(port, 'centre')
  slow.reply.pause()
  const long = { type: 'case', case: { title: 'x'.repeat(100_000) } } as never
  for (let i = 0; i < 200 && stream.size > 0; i++) {
    stream.announce(long)
    await new Promise(setImmediate)
  }
  expect(stream.size).toBe(0)
})

test('one session opens only so many; the oldest gives way', async () => {
  const { stream, port } = await serve({ maxPerSession: 2 })
  const first = await listen(port, 'portal')
  await listen(port, 'portal')
  await listen(port, 'portal')
  await first.closed
  expect(stream.size).toBe(2)
})

test('closing the server ends open streams at once', async () => {
  const { app, stream, port } = await serve()
  const portal = await listen(port, 'portal')
  await app.close()
  await portal.closed
  expect(stream.size).toBe(0)
})
