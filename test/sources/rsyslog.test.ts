import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector, type RunningCollector } from '@vonggac/collector'
import { configSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/**
 * rsyslog, the real program, reads nginx and sshd lines from files and forwards them to the collector: over TCP in both framings and over
 * UDP. The ledger's counts must equal what was sent. VONGGAC_REQUIRE_RSYSLOG=1 makes its absence a failure.
 */
const program = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path))
const required = process.env['VONGGAC_REQUIRE_RSYSLOG'] !== undefined
if (!program && !required) console.warn('rsyslogd is not installed: the test of real forwarding is skipped (apt-get install rsyslog)')

const linesEach = 500
const name = { vi: 'Nguồn', en: 'Source' }
let folder: string
let analyzer: NullAnalyzer
let collector: RunningCollector
let rsyslog: ChildProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-rsyslog-'))
  analyzer = await startNullAnalyzer()
  const config = configSchema.parse({
    dataFolder: join(folder, 'data'),
    link: { port: analyzer.port },
    collector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0 }, metricsPort: 0 },
    sources: [
      { id: 'portal', name, agency: 'attt', transport: 'syslog', parsers: ['nginx'], programs: ['nginx'] },
      { id: 'bastion', name, agency: 'attt', transport: 'syslog', parsers: ['openssh'], programs: ['sshd'] },
    ],
  })
  collector = await startCollector(config, { linkSecret: 'link-secret' })
})

afterEach(async () => {
  if (rsyslog?.exitCode === null) {
    rsyslog.kill('SIGTERM')
    await once(rsyslog, 'exit')
  }
  await collector.stop()
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

const nginxLine = (index: number) =>
  `203.113.131.${index % 250} - - [22/Nov/2026:11:00:00 +0700] "GET /ho-so/${index} HTTP/1.1" 200 512 "-" "Mozilla/5.0"`
const sshdLine = (index: number) => `Failed password for invalid user thử${index} from 198.51.100.${index % 250} port ${1024 + index} ssh2`

/** `format` is the header that rsyslog writes. */
async function forward(target: string, format: 'RSYSLOG_ForwardFormat' | 'RSYSLOG_SyslogProtocol23Format'): Promise<void> {
  const configuration = `
module(load="imfile" mode="polling" pollingInterval="1")
global(workDirectory="${folder}")
input(type="imfile" file="${folder}/access.log" tag="nginx:" ruleset="forward")
input(type="imfile" file="${folder}/sshd.log" tag="sshd[4711]:" ruleset="forward")
ruleset(name="forward") { action(type="omfwd" target="127.0.0.1" template="${format}" ${target}) }
`
  const path = join(folder, 'rsyslog.conf')
  await writeFile(path, configuration)
  const lines = (line: (index: number) => string) => Array.from({ length: linesEach }, (_, index) => `${line(index)}\n`).join('')
  await writeFile(join(folder, 'access.log'), lines(nginxLine))
  await writeFile(join(folder, 'sshd.log'), lines(sshdLine))
  rsyslog = spawn(program!, ['-n', '-f', path, '-i', join(folder, 'rsyslog.pid')], { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** What the ledger and the events say once nothing more is to come. */
async function account(source: string) {
  await vi.waitFor(() => expect(analyzer.events.size).toBe(2 * linesEach), { timeout: 15_000, interval: 100 })
  const events = [...analyzer.events.values()].filter((event) => event['vonggac.source.id'] === source)
  const { received, journaled, forwarded } = collector.counters().sources.find((one) => one.source === source)!
  const tallies = analyzer.batches.flatMap((batch) => batch.tallies).filter((tally) => tally.source === source)
  return {
    received,
    journaled,
    forwarded,
    tallied: tallies.reduce((sum, tally) => sum + tally.journaled, 0),
    parsed: events.filter((event) => event['event.kind'] === 'event').length,
    different: new Set(events.map((event) => event['url.path'] ?? event['user.name'])).size,
    dropped: collector.counters().dropped,
  }
}

const complete = {
  received: linesEach,
  journaled: linesEach,
  forwarded: linesEach,
  tallied: linesEach,
  parsed: linesEach,
  different: linesEach,
  dropped: [],
}

it.skipIf(!program && !required)('rsyslogd is installed', () => {
  expect(program, 'rsyslogd is not installed: apt-get install rsyslog').toBeDefined()
})

it.skipIf(!program).each([
  ['over TCP with octet counting, RFC 5424', 'protocol="tcp" tcp_framing="octet-counted"', 'RSYSLOG_SyslogProtocol23Format'],
  ['over TCP with lines', 'protocol="tcp" tcp_framing="traditional"', 'RSYSLOG_ForwardFormat'],
  ['over UDP', 'protocol="udp"', 'RSYSLOG_ForwardFormat'],
] as const)('forwards %s, and every line is accounted for', async (_, transport, format) => {
  const { syslogTcp, syslogUdp } = collector.addresses
  await forward(`${transport} port="${transport.includes('udp') ? syslogUdp.port : syslogTcp.port}"`, format)
  // The receipt comes after the events.
  await expect.poll(() => account('portal')).toEqual(complete)
  await expect.poll(() => account('bastion')).toEqual(complete)
})
