import { createSocket } from 'node:dgram'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startCollector, tokenPath, type RunningCollector } from '@vonggac/collector'
import { configSchema, type Config } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/** The collector with real sockets, from the sender to the analyzer's end of the link. */
let folder: string
let analyzer: NullAnalyzer
let collector: RunningCollector

const name = { vi: 'Nguồn', en: 'Source' }

function makeConfig(overrides: object = {}): Config {
  return configSchema.parse({
    dataFolder: folder,
    operator: 'attt',
    link: { port: analyzer.port },
    collector: {
      syslog: { udpPort: 0, tcpPort: 0, maxFrameBytes: 2048 },
      http: { port: 0, maxLineBytes: 2048, maxBodyBytes: 65_536 },
      metricsPort: 0,
      ...overrides,
    },
    agencies: [{ id: 'so-tttt', name }],
    sources: [
      { id: 'portal', name, agency: 'so-tttt', transport: 'syslog', parsers: ['nginx'], programs: ['nginx'] },
      { id: 'bastion', name, agency: 'attt', transport: 'syslog', parsers: ['openssh'], programs: ['sshd'], hosts: ['bastion'] },
      { id: 'app', name, agency: 'so-tttt', transport: 'http', parsers: ['ecs-json'] },
    ],
  })
}

const start = async (overrides?: object) => (collector = await startCollector(makeConfig(overrides), { linkSecret: 'link-secret' }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-collector-'))
  analyzer = await startNullAnalyzer()
})

afterEach(async () => {
  await collector.stop()
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

const accessLine = (path: string) => `203.113.131.7 - - [22/Nov/2026:11:00:00 +0700] "GET ${path} HTTP/1.1" 200 12 "-" "curl/8"`
const nginx = (path: string) => `<190>Nov 22 11:00:00 web01 nginx: ${accessLine(path)}`
const sshd = '<38>1 2026-11-22T11:00:00Z bastion sshd 12 - - Failed password for root from 198.51.100.2 port 40022 ssh2'

async function sendTcp(...chunks: (string | Buffer)[]): Promise<void> {
  const socket = connect(collector.addresses.syslogTcp.port, '127.0.0.1')
  for (const chunk of chunks) await new Promise((resolve) => socket.write(chunk, resolve))
  await new Promise<void>((resolve) => socket.end(resolve))
}

async function sendUdp(...datagrams: string[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, collector.addresses.syslogUdp.port, '127.0.0.1', resolve))
  }
  socket.close()
}

async function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  const token = (await readFile(tokenPath(folder, 'app'), 'utf8')).trim()
  const url = `http://127.0.0.1:${collector.addresses.http.port}/v1/events`
  return fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { authorization: `Bearer ${token}`, ...headers } })
}

const arrived = async (count: number) => {
  await expect.poll(() => analyzer.events.size).toBe(count)
}
const events = () => [...analyzer.events.values()]
const countsOf = (source: string) => collector.counters().sources.find((one) => one.source === source)!

it('brings syslog over TCP, in both framings, over UDP, and NDJSON over HTTP to the analyzer as flat events', async () => {
  await start()
  const counted = nginx('/counted\ntwo lines')
  await sendTcp(`${nginx('/one')}\n${Buffer.byteLength(counted)} ${counted}${sshd}\r\n`)
  await sendUdp(nginx('/udp'), `${sshd}\n`)
  const answer = await post('{"event":{"dataset":"app.log"},"user":{"name":"an"}}\n{"a":1}')
  expect(answer.status).toBe(202)
  expect(await answer.json()).toEqual({ accepted: 2, rejected: [], rejectedTotal: 0 })
  await arrived(7)
  expect(
    events()
      .map((event) => event['url.path'])
      .filter(Boolean)
      .toSorted(),
  ).toEqual(['/counted\ntwo lines', '/one', '/udp'])
  expect(events().filter((event) => event['event.dataset'] === 'openssh.sshd')).toHaveLength(2)
  expect(events().every((event) => event['event.kind'] === 'event' && event['log.source.address'] === '127.0.0.1')).toBe(true)
  // The receipt comes after the events.
  await expect.poll(() => countsOf('portal')).toMatchObject({ agency: 'so-tttt', received: 3, journaled: 3, forwarded: 3 })
  const tallied = analyzer.batches.flatMap((batch) => batch.tallies).reduce((sum, tally) => sum + tally.journaled, 0)
  expect(tallied).toBe(7)
})

it('keeps what it cannot read: garbage, an oversize frame, a bad octet count, an unknown sender', async () => {
  await start()
  const long = nginx(`/${'x'.repeat(3000)}`)
  await sendTcp(
    Buffer.concat([Buffer.from('<190>Nov 22 11:00:00 web01 nginx: \xff\xfe\x00garbage\n', 'latin1'), Buffer.from(`${long}\n`)]),
    `${Buffer.byteLength(long)} ${long}12345 is no count\n<13>Nov 22 11:00:00 other app: hello\n${nginx('/after')}\n`,
  )
  await arrived(6)
  const reasons = events().map((event) => event['error.code'] ?? 'none')
  expect(reasons).toEqual(['unparsed', 'oversize', 'oversize', 'unknown-source', 'unknown-source', 'none'])
  const [garbage, cut] = events()
  expect(Buffer.from(String(garbage!['vonggac.raw']), 'base64').toString('latin1')).toContain('\xff\xfe\x00garbage')
  expect(cut).toMatchObject({ 'event.original': long.slice(0, 2048), 'host.name': 'web01', tags: expect.arrayContaining(['oversize']) })
  expect(events()[4]).toMatchObject({ 'organization.id': 'attt', 'vonggac.source.id': 'unknown', 'host.name': 'other', message: 'hello' })
})

it('answers HTTP lines one by one and refuses unknown tokens, keeping both', async () => {
  await start()
  const mixed = await post(`{"a":1}\nnot json\n\n[1]\n{"long":"${'x'.repeat(3000)}"}\n`, {})
  expect(mixed.status).toBe(202)
  expect(await mixed.json()).toMatchObject({
    accepted: 1,
    rejectedTotal: 3,
    rejected: [
      { line: 2, reason: 'bad-json' },
      { line: 4, reason: 'bad-json' },
      { line: 5, reason: 'oversize' },
    ],
  })
  const unknown = await post('{"secret":"kept"}', { authorization: 'Bearer wrong' })
  expect(unknown.status).toBe(401)
  expect(unknown.headers.get('content-type')).toBe('application/problem+json')
  expect(await unknown.json()).toMatchObject({ code: 'unknown-token', status: 401 })
  expect((await post('x'.repeat(1_000_000), { authorization: 'Basic eDp5' })).status).toBe(401)
  expect((await post('', { 'content-encoding': 'br' })).status).toBe(400)
  expect((await post('x', { 'content-encoding': 'gzip' })).status).toBe(400)
  expect((await post(gzipSync(Buffer.alloc(1_000_000)), { 'content-encoding': 'gzip' })).status).toBe(413)
  expect((await post(gzipSync('{"zipped":true}\n'), { 'content-encoding': 'gzip' })).status).toBe(202)
  await arrived(7)
  const reasons = events().map((event) => event['error.code'] ?? 'none')
  expect(reasons).toEqual(['none', 'bad-json', 'bad-json', 'oversize', 'unknown-token', 'unknown-token', 'none'])
  expect(events()[5]).toMatchObject({ 'event.original': 'x'.repeat(65_536), tags: ['oversize'] })
  expect(events()[4]).toMatchObject({ 'organization.id': 'attt', 'event.original': '{"secret":"kept"}' })
})

it('keeps events while the analyzer is away, over a restart, and repeats batches with the same boundaries', async () => {
  analyzer.refuse = true
  await start()
  for (let index = 0; index < 5; index++) await sendTcp(`${nginx(`/${index}`)}\n`)
  await expect.poll(() => countsOf('portal')).toMatchObject({ journaled: 5 })
  await collector.stop()
  await start()
  await sendTcp(`${nginx('/later')}\n`)
  analyzer.refuse = false
  await arrived(6)
  const ranges = analyzer.batches.map(({ first, last }) => [first, last])
  expect(ranges.slice(1).map(([first]) => first)).toEqual(ranges.slice(0, -1).map(([, last]) => last! + 1))
  // The receipt comes after the events.
  await expect.poll(() => countsOf('portal')).toMatchObject({ received: 6, journaled: 6, forwarded: 6 })
})

it('gives no position again when its folder was lost: the analyzer would take the new events for repeats', async () => {
  await start()
  await sendTcp(`${nginx('/before')}\n`)
  await arrived(1)
  await collector.stop()
  await rm(join(folder, 'collector'), { recursive: true })
  await start()
  await sendTcp(`${nginx('/after')}\n`)
  await arrived(2)
  const [before, after] = analyzer.batches
  expect(after!.first).toBeGreaterThan(before!.last)
})

it('tells its health and its metrics', async () => {
  await start()
  await sendTcp(`${nginx('/')}\n`)
  await arrived(1)
  const base = `http://127.0.0.1:${collector.addresses.metrics.port}`
  expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ ok: true, problems: [] })
  const metrics = await (await fetch(`${base}/metrics`)).text()
  expect(metrics).toContain('vonggac_collector_received_frames_total{source="portal",agency="so-tttt"} 1')
  await expect
    .poll(() => analyzer.counters)
    .toMatchObject({ collector: 'c1', sources: expect.arrayContaining([expect.objectContaining({ source: 'portal', forwarded: 1 })]) })
  expect(analyzer.counters!.acknowledged).toBe(analyzer.counters!.journaled)
})

it('refuses to share its data folder', async () => {
  await start()
  await expect(startCollector(makeConfig(), { linkSecret: 'link-secret' })).rejects.toThrow(/Another collector works in/)
})

it('pushes back when the journal is full: TCP waits, HTTP is told to come again, UDP is refused and counted; then all goes on', async () => {
  analyzer.refuse = true
  await start({ journal: { segmentBytes: 65_536, maxBytes: 400_000 } })
  const many = 4000
  const sending = sendTcp(
    ...Array.from({ length: 40 }, (_, chunk) =>
      Array.from({ length: many / 40 }, (__, index) => `${nginx(`/${chunk}-${index}`)}\n`).join(''),
    ),
  )
  await expect.poll(() => collector.counters().journalBytes).toBeGreaterThanOrEqual(400_000)
  expect((await post('{}')).status).toBe(503)
  await sendUdp(nginx('/refused'))
  await expect.poll(() => collector.counters().dropped).toEqual([{ source: 'portal', reason: 'journal-full', count: 1 }])
  expect(collector.counters().journalBytes).toBeLessThan(1_000_000)
  analyzer.refuse = false
  await sending
  await arrived(many)
  // The receipt comes after the events.
  await expect.poll(() => countsOf('portal')).toMatchObject({ received: many + 1, journaled: many, forwarded: many })
})
