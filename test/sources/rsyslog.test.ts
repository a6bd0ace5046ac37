import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'
import type { RunningProgram } from '../support/running-program.ts'

/**
 * rsyslog, the real program, reads nginx and sshd lines from files and forwards them to the collector: over TCP in both framings and over
 * UDP. The ledger's counts must equal what was sent.
 */
const linesEach = 500
let collector: HttpCollector
let running: RunningProgram | undefined

beforeEach(async () => {
  collector = await HttpCollector.start({
    sources: [
      { id: 'portal', transport: 'syslog', parsers: ['nginx'], programs: ['nginx'] },
      { id: 'bastion', transport: 'syslog', parsers: ['openssh'], programs: ['sshd'] },
    ],
  })
})
afterEach(async () => {
  await running?.stop()
  await collector.stop()
})

const nginxLine = (index: number) =>
  `203.113.131.${index % 250} - - [22/Nov/2026:11:00:00 +0700] "GET /ho-so/${index} HTTP/1.1" 200 512 "-" "Mozilla/5.0"`
const sshdLine = (index: number) => `Failed password for invalid user thử${index} from 198.51.100.${index % 250} port ${1024 + index} ssh2`

/** `format` is the header that rsyslog writes. */
async function forward(program: string, target: string, format: 'RSYSLOG_ForwardFormat' | 'RSYSLOG_SyslogProtocol23Format'): Promise<void> {
  const { folder } = collector
  const lines = (line: (index: number) => string) => Array.from({ length: linesEach }, (_, index) => `${line(index)}\n`).join('')
  await writeFile(join(folder, 'access.log'), lines(nginxLine))
  await writeFile(join(folder, 'sshd.log'), lines(sshdLine))
  running = await startRsyslog(
    program,
    folder,
    `
module(load="imfile" mode="polling" pollingInterval="1")
input(type="imfile" file="${folder}/access.log" tag="nginx:" ruleset="forward")
input(type="imfile" file="${folder}/sshd.log" tag="sshd[4711]:" ruleset="forward")
ruleset(name="forward") { action(type="omfwd" target="127.0.0.1" template="${format}" ${target}) }
`,
  )
}

/** What the ledger and the events say once nothing more is to come. */
async function account(source: string) {
  await expect.poll(() => collector.events.length).toBe(2 * linesEach)
  const events = collector.events.filter((event) => event['vonggac.source.id'] === source)
  const { received, journaled, forwarded } = collector.counts(source)
  const tallies = collector.analyzer.batches.flatMap((batch) => batch.tallies).filter((tally) => tally.source === source)
  return {
    received,
    journaled,
    forwarded,
    tallied: tallies.reduce((sum, tally) => sum + tally.journaled, 0),
    parsed: events.filter((event) => event['event.kind'] === 'event').length,
    different: new Set(events.map((event) => event['url.path'] ?? event['user.name'])).size,
    dropped: collector.running.counters().dropped,
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

describeWith(rsyslog(), (program) => {
  it.each([
    ['over TCP with octet counting, RFC 5424', 'protocol="tcp" tcp_framing="octet-counted"', 'RSYSLOG_SyslogProtocol23Format'],
    ['over TCP with lines', 'protocol="tcp" tcp_framing="traditional"', 'RSYSLOG_ForwardFormat'],
    ['over UDP', 'protocol="udp"', 'RSYSLOG_ForwardFormat'],
  ] as const)('forwards %s, and every line is accounted for', async (_, transport, format) => {
    const { syslogTcp, syslogUdp } = collector.running.addresses
    await forward(program, `${transport} port="${transport.includes('udp') ? syslogUdp.port : syslogTcp.port}"`, format)
    // The receipt comes after the events.
    await expect.poll(() => account('portal')).toEqual(complete)
    await expect.poll(() => account('bastion')).toEqual(complete)
  })
})
