import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAnalyzer, type RunningAnalyzer } from '@vonggac/analyzer'
import { batchHeaderName, configSchema, fields, formatEventId, linkPaths, type BatchHeader, type FlatEvent } from '@vonggac/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiClient } from '../support/client.ts'
import { silentLogger } from '../support/silent-logger.ts'

/** The analyzer with its real stores, behind its real doors; only its clock is ours. */
const linkSecret = 'a secret for this test alone'
const hour = 3_600_000
const start = Date.parse('2026-11-22T00:00:00Z')
const administrator = { userName: 'quantri', displayName: 'Quản trị viên', password: 'mat-khau-rat-dai-2026' }

let folder: string
let now = start
let analyzer: RunningAnalyzer
let client: ApiClient
let position = 0

async function open(): Promise<void> {
  const name = (text: string) => ({ vi: text, en: text })
  const config = configSchema.parse({
    dataFolder: folder,
    console: { port: 0 },
    link: { port: 0 },
    agencies: [{ id: 'congdan', name: name('Cổng công dân') }],
    analyzer: { mostExportedEvents: 500 },
  })
  analyzer = await startAnalyzer(config, { linkSecret, logger: silentLogger, clock: { now: () => new Date(now) } })
  client = new ApiClient(analyzer.console)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-hunting-'))
  await open()
  const token = new URL(analyzer.setup!).hash.replace('#token=', '')
  await client.call('setup', { body: { token, ...administrator } })
})
afterAll(async () => {
  await analyzer.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Delivers events as a collector does, received now. */
async function deliver(...events: readonly FlatEvent[]): Promise<void> {
  const minute = new Date(Math.floor(now / 60_000) * 60_000).toISOString()
  const lines = events.map((event, index) => {
    const time = new Date(now).toISOString()
    const base = {
      [fields.timestamp]: time,
      [fields.id]: formatEventId(now, 'c1', position + index),
      [fields.received]: time,
      [fields.dataset]: 'nginx.access',
      [fields.agency]: 'congdan',
      [fields.source]: 'congdan-web',
      [fields.logSourceCategory]: 'webserver',
      [fields.logSourceProduct]: 'nginx',
    }
    return `${JSON.stringify({ ...base, ...event })}\n`
  })
  const tallies = [{ source: 'congdan-web', agency: 'congdan', minute, journaled: events.length, rejected: {} }]
  const header: BatchHeader = { collector: 'c1', first: position, last: position + events.length - 1, count: events.length, tallies }
  position += events.length
  const reply = await fetch(`${analyzer.link}${linkPaths.batches}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${linkSecret}`, 'content-type': 'application/x-ndjson', [batchHeaderName]: JSON.stringify(header) },
    body: lines.join(''),
  })
  if (!reply.ok) throw new Error(await reply.text())
}

const request = (path: string, status = 200, ip = '203.0.113.7') => ({
  'url.original': path,
  'url.path': path.split('?')[0]!,
  'url.query': path.split('?')[1] ?? '',
  'http.request.method': 'GET',
  'http.response.status_code': status,
  'source.ip': ip,
})
const injection = request('/tra-cuu?ma=1%27%20UNION%20SELECT%20password%20FROM%20users', 500)
const period = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' }

it('searches, counts and exports what collectors delivered', async () => {
  await deliver(...Array.from({ length: 40 }, (_, index) => request(`/trang-${index}`, index % 4 === 0 ? 404 : 200)))
  const ask = { ...period, query: 'http.response.status_code: 404 and url.path: /trang-*' }
  const first = await client.call('searchEvents', { body: { ...ask, limit: 6 } })
  const second = await client.call('searchEvents', { body: { ...ask, limit: 6, after: first.next! } })
  expect([first.items.length, second.items.length, second.next]).toEqual([6, 4, null])
  expect(first.explanation.all.events).toBe(40)
  expect((await client.call('countEvents', { body: ask })).total).toBe(10)
  await expect(client.call('searchEvents', { body: { ...ask, query: 'http.response.status_code:' } })).rejects.toThrow(
    /invalid-request.*"errors":\[\{"path":"query","message":"Character 27/,
  )

  now += 60_000
  const ndjson = await client.request('exportEvents', { query: ask })
  expect(ndjson.headers.get('content-disposition')).toContain('vonggac-20261122T000000Z-20261124T000000Z.ndjson')
  expect(ndjson.headers.get('x-vonggac-events')).toBe('10')
  expect((await ndjson.text()).trimEnd().split('\n')).toHaveLength(10)
  const csv = await client.download('exportEvents', { query: { ...ask, format: 'csv', fields: 'url.path' } })
  expect(Buffer.from(csv).toString()).toMatch(/^\uFEFFurl\.path\r\n\/trang-0\r\n/)
  const { items } = await client.call('listAudit', { query: {} })
  expect(items.filter(({ action }) => action === 'events.export')).toHaveLength(2)
})

it('refuses an export that is too large before it gives anything', async () => {
  await deliver(...Array.from({ length: 501 }, (_, index) => request(`/nhieu-${index}`)))
  now += 60_000
  await expect(client.request('exportEvents', { query: { ...period, query: 'url.path: /nhieu-*' } })).rejects.toThrow(/413.*501 events/)
})

it('runs a saved hunt on its schedule and raises an alert that says why', async () => {
  const hunt = await client.call('createHunt', {
    body: {
      title: 'Quản trị từ ngoài',
      query: 'url.path: /quan-tri and http.response.status_code: 403',
      schedule: { everyMinutes: 10, lookbackMinutes: 10, threshold: 2, severity: 'medium' },
      techniques: ['T1110'],
    },
  })
  now += 5 * 60_000
  await deliver(request('/quan-tri', 403), request('/quan-tri', 403), request('/quan-tri', 200))
  now += 6 * 60_000
  const runs = async () => (await client.call('readHunt', { params: { id: hunt.id } })).runs
  await expect.poll(async () => (await runs()).length).toBe(2)
  const [run, first] = await runs()
  expect([first!.found, run!.found, run!.from]).toEqual([0, 2, first!.to])
  const { alert, rule, events } = await client.call('readAlert', { params: { id: run!.alert! } })
  expect(alert).toMatchObject({ severity: 'medium', hits: { count: 2 }, rule: { title: 'Quản trị từ ngoài' } })
  expect(rule.description).toContain('KQL: url.path: /quan-tri')
  expect(events).toHaveLength(2)
  expect(events[0]!.findings.map(({ field }) => field)).toContain('url.path')
})

it('turns a hunt into a rule', async () => {
  const { yaml } = await client.call('writeSigmaRule', {
    body: { query: 'url.path: /quan-tri', title: 'Quản trị', severity: 'low', logsource: { category: 'webserver' }, techniques: ['T1110'] },
  })
  expect(yaml).toContain('url.path: /quan-tri')
  expect(yaml).toContain('- attack.t1110')
})

it('runs a rule over history, pauses, goes on after a restart, and alerts once for each attack', async () => {
  const rules = (await client.call('listRules')).items
  const rule = rules.find(({ file }) => file === 'web_sql_injection.yml')!
  // While it was off, attacks went by.
  await client.call('changeRule', { params: { id: rule.id }, body: { enabled: false } })
  for (let index = 0; index < 3; index++) {
    now += 2 * hour
    await deliver(injection, request('/'))
  }
  await client.call('changeRule', { params: { id: rule.id }, body: { enabled: true } })
  now += 2 * hour
  await deliver(injection)
  now += hour
  const alertsOf = async () => (await client.call('listAlerts', { query: { rule: rule.id } })).items
  expect(await alertsOf()).toHaveLength(1)

  const begun = await client.call('startRetroHunt', { body: { ...period, rules: [rule.id], mode: 'alerts' } })
  const byId = { params: { id: begun.id } }
  await client.call('steerRetroHunt', { ...byId, body: { action: 'pause' } }).catch(() => undefined)
  await analyzer.close()
  await open()
  await client.call('signIn', { body: administrator })
  const paused = await client.call('readRetroHunt', byId)
  if (paused.state === 'paused') await client.call('steerRetroHunt', { ...byId, body: { action: 'resume' } })
  const state = async () => (await client.call('readRetroHunt', byId)).state
  // The lease of the analyzer before has to end, by our clock.
  now += 60_000
  await expect.poll(state).toBe('done')
  expect(await client.call('readRetroHunt', byId)).toMatchObject({ progress: 1, findings: [{ rule: rule.id, hits: 4 }] })
  const alerts = await alertsOf()
  expect(alerts).toHaveLength(4)
  expect(alerts.filter(({ retrospective }) => retrospective)).toHaveLength(3)
  expect(alerts.every(({ hits }) => hits.count === 1)).toBe(true)
})
