import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchHeaderName, configSchema, formatEventId, linkPaths, type BatchHeader, type Config } from '@vonggac/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startAnalyzer, type RunningAnalyzer } from './start.ts'

const linkSecret = 'a secret for this test alone'
const user = { userName: 'quan.tri', password: 'mật khẩu đủ dài' }

let dataFolder: string
const open: RunningAnalyzer[] = []
/** Warnings and errors. */
let log: string[]
beforeEach(() => {
  log = []
  dataFolder = mkdtempSync(join(tmpdir(), 'vonggac-analyzer-'))
})
afterEach(async () => {
  for (const analyzer of open.splice(0)) await analyzer.close()
  rmSync(dataFolder, { recursive: true, force: true })
})

function config(more: object = {}): Config {
  return configSchema.parse({
    dataFolder,
    console: { port: 0 },
    link: { port: 0 },
    agencies: [{ id: 'congdan', name: { vi: 'Cổng thông tin công dân', en: 'Citizen portal' } }],
    sources: [{ id: 'web', name: { vi: 'a', en: 'b' }, agency: 'congdan', transport: 'syslog', parsers: ['nginx'] }],
    ...more,
  })
}

async function start(more?: object): Promise<RunningAnalyzer> {
  const analyzer = await startAnalyzer(config(more), {
    linkSecret,
    logger: pino({ level: 'warn' }, { write: (line: string) => void log.push(line) }),
  })
  open.push(analyzer)
  return analyzer
}

async function stop(analyzer: RunningAnalyzer): Promise<void> {
  open.splice(open.indexOf(analyzer), 1)
  await analyzer.close()
}

function tokenOf(analyzer: RunningAnalyzer): string {
  return new URL(analyzer.setup!).hash.replace('#token=', '')
}

/** What the paths asked for here answer with, as far as it is looked at. */
interface Answer {
  readonly code?: string
  readonly items: readonly { readonly id: string; readonly state: string; readonly intact: boolean; readonly total: object }[]
  readonly events: readonly { readonly event: Readonly<Record<string, unknown>> }[]
}

/** A signed-in caller: GET by path. */
async function caller(analyzer: RunningAnalyzer, path: string, body: object): Promise<(path: string) => Promise<Answer>> {
  const reply = await fetch(`${analyzer.console}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(reply.status).toBe(200)
  const cookie = reply.headers.getSetCookie()[0]!.split(';')[0]!
  return async (from) => (await (await fetch(`${analyzer.console}${from}`, { headers: { cookie } })).json()) as Answer
}

/** A batch as a collector sends it: one request that looks like SQL injection. */
function sendAttack(analyzer: RunningAnalyzer): Promise<Response> {
  const now = Date.now()
  const minute = new Date(Math.floor(now / 60_000) * 60_000).toISOString()
  const header: BatchHeader = {
    collector: 'c1',
    first: 0,
    last: 0,
    count: 1,
    tallies: [{ source: 'web', agency: 'congdan', minute, journaled: 1, rejected: {} }],
  }
  const event = {
    '@timestamp': new Date(now).toISOString(),
    'event.id': formatEventId(now, 'c1', 0),
    'event.created': new Date(now).toISOString(),
    'event.dataset': 'nginx.access',
    'event.kind': 'event',
    'organization.id': 'congdan',
    'vonggac.source.id': 'web',
    'vonggac.logsource.category': 'webserver',
    'vonggac.logsource.product': 'nginx',
    'source.ip': '203.0.113.9',
    'url.original': '/tra-cuu?ma=1%27%20UNION%20SELECT%20password%20FROM%20users',
    'url.path': '/tra-cuu',
    'url.query': 'ma=1%27%20UNION%20SELECT%20password%20FROM%20users',
    'http.request.method': 'GET',
    'http.response.status_code': 500,
  }
  return fetch(`${analyzer.link}${linkPaths.batches}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${linkSecret}`, 'content-type': 'application/x-ndjson', [batchHeaderName]: JSON.stringify(header) },
    body: `${JSON.stringify(event)}\n`,
  })
}

describe('the whole analyzer in one process', () => {
  test('a batch becomes an alert, once, and is there after a restart', async () => {
    const first = await start()
    const get = await caller(first, '/api/setup', { token: tokenOf(first), displayName: 'Quản trị', ...user })
    expect(await (await sendAttack(first)).json()).toEqual({ collector: 'c1', last: 0, stored: 1, rejected: 0 })
    expect(await (await sendAttack(first)).json()).toEqual({ collector: 'c1', last: 0, stored: 0, rejected: 0 })

    const { items } = await get('/api/alerts')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ agency: 'congdan', rule: { title: 'SQL Injection in a Web Request' }, hits: { count: 1 } })
    expect((await get(`/api/alerts/${items[0]!.id}`)).events[0]!.event['source.ip']).toBe('203.0.113.9')
    await stop(first)

    const second = await start()
    expect(second.setup).toBeUndefined()
    const again = await caller(second, '/api/session', user)
    expect((await again('/api/alerts')).items.map((alert) => alert.id)).toEqual([items[0]!.id])
    expect((await again('/api/sources')).items[0]!.total).toMatchObject({ stored: 1, evaluated: 1 })
    expect(await (await sendAttack(second)).json()).toMatchObject({ stored: 0 })
    expect((await again('/api/audit/verify')).items.every((chain) => chain.intact)).toBe(true)
  })

  test('every reply of the console’s pages keeps to the contract on an empty installation', async () => {
    const analyzer = await start()
    const get = await caller(analyzer, '/api/setup', { token: tokenOf(analyzer), displayName: 'Quản trị', ...user })
    const paths = ['alerts', 'cases', 'rules', 'sources', 'playbooks', 'agencies', 'users', 'audit', 'audit/verify', 'about', 'session']
    const problems = await Promise.all(paths.map(async (path) => [path, (await get(`/api/${path}`)).code]))
    expect(problems).toEqual(paths.map((path) => [path, undefined]))
    expect((await get('/api/rules')).items.map((rule) => rule.state)).toContain('active')
    // Degraded until the query engine has started.
    await expect.poll(() => get('/healthz')).toEqual({ state: 'ready', parts: { events: 'ready', documents: 'ready' } })
    const metrics = await (await fetch(`${analyzer.console}/metrics`)).text()
    expect(metrics).toMatch(/^vonggac_rules\{state="active"\} \d+$/m)
    expect(metrics).toMatch(/^vonggac_events_stored 0$/m)
    await stop(analyzer)
    expect(log).toEqual([])
  })

  test('a port in use is the system’s error, and everything opened is closed again', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(start({ console: { port } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    other.close()
    await start({ console: { port: 0 } })
  })

  test('a folder of packs that does not exist is a mistake of the configuration', async () => {
    await expect(start({ analyzer: { packs: [join(dataFolder, 'gone')] } })).rejects.toMatchObject({ code: 'invalid-configuration' })
  })

  test('the public address is the one that people are given', async () => {
    const analyzer = await start({ console: { port: 0, publicUrl: 'https://soc.example.gov.vn/' } })
    expect(analyzer.console).toBe('https://soc.example.gov.vn')
    expect(analyzer.setup).toMatch(/^https:\/\/soc\.example\.gov\.vn\/setup#token=/)
  })
})
