import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector, type RunningCollector } from '@vonggac/collector'
import { configSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/** What the collector adds to an event, with the networks that the console assigns. */
let folder: string
let analyzer: NullAnalyzer
let collector: RunningCollector

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-enrichment-'))
  analyzer = await startNullAnalyzer()
})

afterEach(async () => {
  await collector.stop()
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

const name = { vi: 'Nguồn', en: 'Source' }
const config = () =>
  configSchema.parse({
    dataFolder: folder,
    operator: 'attt',
    link: { port: analyzer.port },
    collector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0 }, metricsPort: 0, enrichment: { clockSkewMinutes: 5 } },
    agencies: [{ id: 'so-tttt', name }],
    sources: [{ id: 'portal', name, agency: 'so-tttt', transport: 'syslog', parsers: ['nginx'], programs: ['nginx'] }],
  })

it('says of a web request where it came from, whose it is, by which browser, and how wrong the clock is', async () => {
  const network = { network: '10.20.0.0/16', system: 'cong', agency: 'so-tttt', name: 'Cổng thông tin' }
  analyzer.assignment = { version: 'v1', sources: [], paused: [], tokens: [], revoked: [], networks: [network], parsers: [] }
  collector = await startCollector(config(), { linkSecret: 'link-secret' })
  await expect.poll(() => analyzer.counters?.assignment).toBe('v1')
  const said = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 600_000)
  const browser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
  const [, weekday] = said.toUTCString().split(' ')
  const clf = `${weekday}/${said.toUTCString().slice(8, 11)}/${said.getUTCFullYear()}:${said.toISOString().slice(11, 19)} +0000`
  const request = (address: string) =>
    `<190>1 ${said.toISOString()} web01 nginx - - - ${address} - - [${clf}] "GET / HTTP/1.1" 200 12 "-" "${browser}"\n`
  const socket = connect(collector.addresses.syslogTcp.port, '127.0.0.1')
  socket.end(request('113.160.0.1') + request('10.20.3.4'))
  await expect.poll(() => analyzer.events.size).toBe(2)
  const [outside, inside] = [...analyzer.events.values()]
  expect(outside).toMatchObject({
    '@timestamp': said.toISOString(),
    'source.ip': '113.160.0.1',
    'source.geo.country_iso_code': 'VN',
    'user_agent.name': 'Chrome',
    'user_agent.os.name': 'Windows',
    tags: ['clock-skew'],
  })
  expect(Number(outside!['vonggac.clock_skew_seconds'])).toBeCloseTo(-600, -2)
  expect(outside).not.toHaveProperty('vonggac.asset.system')
  expect(inside).toMatchObject({ 'vonggac.asset.system': ['cong'], 'vonggac.asset.name': ['Cổng thông tin'] })
  expect(inside).not.toHaveProperty('source.geo.country_iso_code')
})
