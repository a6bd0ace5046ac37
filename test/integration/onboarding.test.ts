import { request } from 'node:https'
import type { SourceCheck } from '@vonggac/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Installation } from '../support/installation.ts'

/** An administrator's afternoon: a system and its source are registered over the API, and a real collector takes what a real sender sends over TLS. */
const name = (text: string) => ({ vi: text, en: text })
const person = { name: 'Nguyễn Văn An' }

let place: Installation
let system: string
let token: string
let authority: string

beforeAll(async () => {
  place = await Installation.start()
})
afterAll(() => place.dispose())

const draft = () => ({
  config: {
    id: 'cong-api',
    name: name('API của Cổng'),
    agency: 'congdan',
    transport: 'http' as const,
    parsers: ['ecs-json'],
  },
  system,
})

async function states(): Promise<Record<string, string>> {
  const { steps } = await check()
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]))
}

function check(): Promise<SourceCheck> {
  return place.client.call('checkSource', { params: { id: 'cong-api' } })
}

/** What an application sends: a request to the portal, in ECS. */
function send(using = token): Promise<number> {
  const event = {
    event: { category: 'web' },
    url: { original: '/ho-so?ma=1', path: '/ho-so', query: 'ma=1' },
    http: { request: { method: 'GET' }, response: { status_code: 200 } },
    user_agent: { original: 'curl/8' },
  }
  const options = { host: '127.0.0.1', port: place.collector.addresses.https!.port, path: '/v1/events', method: 'POST', ca: authority }
  return new Promise((resolve, reject) => {
    const sending = request({ ...options, headers: { authorization: `Bearer ${using}` } }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    sending.on('error', reject).end(`${JSON.stringify(event)}\n`)
  })
}

it('registers a system and a source, whose check waits for what is missing', async () => {
  const draftOfSystem = { name: 'Cổng dịch vụ công', agency: 'congdan', level: 3, owner: person, operator: person }
  const made = await place.client.call('createSystem', { body: draftOfSystem })
  system = made.id
  const source = await place.client.call('registerSource', { body: draft() })
  expect(source).toMatchObject({ id: 'cong-api', version: 1, tokens: [], paused: false })
  expect((await place.client.call('listSystems')).items).toMatchObject([{ id: system, sources: 1 }])
  expect(new Set(Object.values(await states()))).toEqual(new Set(['problem', 'waiting']))
  expect((await check()).trouble).toContainEqual(expect.objectContaining({ code: 'no-token' }))
})

it('issues a token once, and the collector knows it within seconds', async () => {
  const issued = await place.client.call('issueToken', { params: { id: 'cong-api' } })
  token = issued.token
  expect(JSON.stringify(await place.client.call('readRegisteredSource', { params: { id: 'cong-api' } }))).not.toContain(token)
  await expect.poll(async () => (await check()).trouble).toEqual([])
})

it('goes green step by step as events come in over TLS', async () => {
  const snippet = await place.client.call('readSnippet', { params: { id: 'cong-api', shipper: 'curl' } })
  authority = snippet.others[0]?.text ?? ''
  expect(snippet.text).toContain('/v1/events')
  expect(authority).toContain('BEGIN CERTIFICATE')
  await expect.poll(() => send().catch(() => 0)).toBe(202)
  await expect.poll(states).toEqual({ connection: 'done', frames: 'done', parsed: 'done', fields: 'done', rules: 'done' })
  const { steps, lastHour } = await check()
  expect(lastHour.evaluated).toBeGreaterThan(0)
  expect(steps.at(-1)!.numbers['seeing']).toBeGreaterThan(0)
  const { items } = await place.client.call('listSources')
  expect(items.find(({ id }) => id === 'cong-api')).toMatchObject({ registered: true, system: 'Cổng dịch vụ công' })
})

it('shows what no parser read', async () => {
  const options = { host: '127.0.0.1', port: place.collector.addresses.http.port }
  await fetch(`http://${options.host}:${options.port}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: 'đây không phải JSON\n',
  })
  await expect.poll(async () => (await check()).unread).toEqual(['đây không phải JSON'])
  expect((await check()).steps.find(({ step }) => step === 'parsed')).toMatchObject({ names: ['bad-json'], numbers: { unread: 1 } })
})

it('turns a paused source’s sender away, counted, and takes it again when resumed', async () => {
  const { version } = await place.client.call('readRegisteredSource', { params: { id: 'cong-api' } })
  const paused = { ...draft(), paused: true, pauseReason: 'Bảo trì', version }
  const changed = await place.client.call('changeRegisteredSource', { params: { id: 'cong-api' }, body: paused })
  await expect.poll(() => send()).toBe(503)
  expect(place.collector.counters().dropped).toContainEqual({ source: 'cong-api', reason: 'paused', count: expect.any(Number) })
  expect((await check()).trouble).toContainEqual(expect.objectContaining({ code: 'paused', detail: expect.stringContaining('Bảo trì') }))
  await place.client.call('changeRegisteredSource', { params: { id: 'cong-api' }, body: { ...draft(), version: changed.version } })
  await expect.poll(() => send()).toBe(202)
})

it('exchanges a token: both work until the old one is revoked', async () => {
  const { token: next, source } = await place.client.call('issueToken', { params: { id: 'cong-api' } })
  await expect.poll(() => send(next)).toBe(202)
  expect(await send()).toBe(202)
  await place.client.call('revokeToken', { params: { id: 'cong-api' }, body: { token: source.tokens[0]!.id } })
  await expect.poll(() => send()).toBe(401)
  token = next
  expect(await send()).toBe(202)
})

it('tries an agency’s own parser out, saves it and finds it by its lines', async () => {
  const yaml = 'description: Máy bán vé\ndataset: ve.ban\nlogsource: {}\nsteps:\n  - regex: { pattern: "^VE (?P<ve_so>[0-9]+)$" }\n'
  const tried = await place.client.call('tryParser', { body: { yaml, lines: ['VE 42', 'khác'] } })
  expect(tried).toMatchObject({ read: 1, lines: 2 })
  const wrong = place.client.call('saveParser', {
    params: { id: 'may-ban-ve' },
    body: { agency: 'congdan', yaml: `${yaml}  - nothing: 1\n`, version: null },
  })
  await expect(wrong).rejects.toThrow('parser.yml:6')
  await place.client.call('saveParser', { params: { id: 'may-ban-ve' }, body: { agency: 'congdan', yaml, version: null } })
  const { items } = await place.client.call('detectFormat', { body: { lines: ['VE 42', 'VE 43'] } })
  expect(items.map(({ parser }) => parser)).toContain('may-ban-ve')
  const { version } = await place.client.call('readRegisteredSource', { params: { id: 'cong-api' } })
  const config_ = { ...draft().config, parsers: ['ecs-json', 'may-ban-ve'] }
  await place.client.call('changeRegisteredSource', { params: { id: 'cong-api' }, body: { ...draft(), config: config_, version } })
  await expect.poll(async () => (await check()).trouble).toEqual([])
})

it('keeps its sources while the analyzer is away, also over a restart of the collector', async () => {
  const evaluated = async () => (await place.client.call('listSources')).items.find(({ id }) => id === 'cong-api')!.total.evaluated
  // Each that was taken, but for the one that no parser read.
  await expect.poll(evaluated).toBe(place.collector.counters().sources.find(({ source }) => source === 'cong-api')!.journaled - 1)
  const before = await evaluated()
  await place.stopAnalyzer()
  await place.stopCollector()
  await place.startCollector()
  expect(await send()).toBe(202)
  await place.startAnalyzer()
  await expect.poll(evaluated).toBe(before + 1)
  await expect.poll(async () => (await check()).trouble).toEqual([])
})
