import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ConnectionOptions } from 'node:tls'
import { Authority } from '@vonggac/analyzer'
import { startCollector, type RunningCollector } from '@vonggac/collector'
import { configSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

const line = '<38>1 2026-11-22T03:00:00Z bastion sshd 7 - - Failed password for root from 203.0.113.7 port 40000 ssh2\n'
const source = (id: string, from: string[]) => ({
  id,
  name: { vi: id, en: id },
  agency: 'attt',
  transport: 'syslog',
  parsers: ['openssh'],
  from,
})

let folder: string
let analyzer: NullAnalyzer
let authority: Authority
let collector: RunningCollector
const clock = { now: () => new Date() }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-tls-'))
  authority = await Authority.open(join(folder, 'authority'), clock)
  analyzer = await startNullAnalyzer({ keepEvents: true, authority })
})
afterEach(async () => {
  await collector.stop()
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

async function start(tls: object = {}): Promise<void> {
  const config = configSchema.parse({
    dataFolder: folder,
    operator: 'attt',
    link: { port: analyzer.port },
    collector: { syslog: { udpPort: 0, tcpPort: 0, tlsPort: 0 }, http: { port: 0 }, metricsPort: 0, tls },
    sources: [source('by-certificate', ['192.0.2.1']), source('by-address', ['127.0.0.1'])],
  })
  collector = await startCollector(config, { linkSecret: 'link-secret' })
}

async function send(options: ConnectionOptions): Promise<void> {
  const { port } = collector.addresses.syslogTls!
  const socket = connect({ host: '127.0.0.1', port, ca: authority.certificate, ...options })
  await once(socket, 'secureConnect')
  socket.end(line)
  await once(socket, 'close')
}

const sourcesSeen = () => [...analyzer.events.values()].map((event) => event['vonggac.source.id'])

test('the platform’s authority vouches for the collector; a certificate names the source, without one its address does', async () => {
  await start()
  const { certificate: cert, key } = await authority.issueClient('by-certificate')
  await send({})
  await send({ cert, key })
  await expect.poll(sourcesSeen).toEqual(['by-address', 'by-certificate'])
})

test('a certificate of another authority is turned away and counted', async () => {
  await start()
  const stranger = await Authority.open(join(folder, 'stranger'), clock)
  const { certificate: cert, key } = await stranger.issueClient('by-certificate')
  await send({ cert, key }).catch(() => {})
  await expect.poll(() => collector.counters().dropped).toContainEqual({ source: 'syslog-tls', reason: 'bad-certificate', count: 1 })
  expect(sourcesSeen()).toEqual([])
})

test('a certificate that was revoked is turned away once the collector is told', async () => {
  await start()
  const { certificate: cert, key, serial } = await authority.issueClient('by-certificate')
  await send({ cert, key })
  analyzer.assignment = { version: 'v1', sources: [], paused: [], tokens: [], revoked: [serial.toUpperCase()], networks: [], parsers: [] }
  await expect.poll(() => collector.counters().assignment).toBe('v1')
  await send({ cert, key }).catch(() => {})
  await expect.poll(() => collector.counters().dropped).toContainEqual({ source: 'syslog-tls', reason: 'revoked-certificate', count: 1 })
  await expect.poll(sourcesSeen).toEqual(['by-certificate'])
})

test('where certificates are required, a sender without one is turned away', async () => {
  await start({ requireClientCertificate: true })
  await send({}).catch(() => {})
  await expect.poll(() => collector.counters().dropped).toContainEqual({ source: 'syslog-tls', reason: 'no-certificate', count: 1 })
  expect(sourcesSeen()).toEqual([])
})
