import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { Authority } from '@vonggac/analyzer'
import type { CollectorAddresses } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { random } from '../benchmark/report.ts'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'

/**
 * Malformed frames through every syslog source, a third each over UDP, TCP and TLS: no crash, bounded memory, each counted. The same noise at
 * every run; VONGGAC_MALFORMED=1000000 for the whole measure.
 */
const main = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url))
const framesEach = Math.ceil(Number(process.env['VONGGAC_MALFORMED'] ?? 150_000) / 3)
const framesABatch = 1_000
const mostMegabytes = 512
const largestFrame = 1_024

let folder: string
let analyzer: NullAnalyzer
let authority: Authority
let child: ChildProcess
let addresses: CollectorAddresses

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-syslog-noise-'))
  authority = await Authority.open(join(folder, 'authority'), { now: () => new Date() })
  analyzer = await startNullAnalyzer({ keepEvents: false, authority })
  const path = join(folder, 'vonggac.yml')
  await writeFile(
    path,
    `dataFolder: ${folder}
link: { port: ${analyzer.port} }
collector:
  syslog: { udpPort: 0, tcpPort: 0, tlsPort: 0, maxFrameBytes: ${largestFrame} }
  http: { port: 0 }
  metricsPort: 0
sources:
  - { id: udp, name: { vi: a, en: a }, agency: attt, transport: syslog, parsers: [openssh, nginx, cef, leef, key-value], from: [127.0.0.21] }
  - { id: tcp, name: { vi: a, en: a }, agency: attt, transport: syslog, parsers: [fortigate, cisco-asa, haproxy, ecs-json], from: [127.0.0.22] }
  - { id: tls, name: { vi: a, en: a }, agency: attt, transport: syslog, parsers: [windows, suricata, palo-alto], from: [127.0.0.23] }
`,
  )
  child = spawn(process.execPath, [main, '--config', path], {
    env: { PATH: process.env['PATH'], VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ addresses: CollectorAddresses }]
  addresses = message.addresses
})
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await analyzer.stop()
  await rm(folder, { recursive: true })
})

const next = random(20261122)
const below = (most: number) => Math.floor(next() * most)
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!
const noise = (most: number) =>
  Array.from({ length: 1 + below(most) }, () =>
    String.fromCharCode(oneOf([0, 9, 32, 34, 58, 60, 61, 62, 91, 92, 93, 123, 125, 200, 255, 14 + below(200)])),
  ).join('')

/** A frame that no device would send, without line ends, and with something at both ends that no framing cuts off; `latin1`. */
const broken = () =>
  `<${oneOf([
    () => noise(80),
    () => `${below(400)}>${noise(60)}`,
    () => `34>1 ${noise(40)}`,
    () => `34>1 2026-13-45T99:99:99Z - - - [${noise(40)}`,
    () => `34>1 2026-11-22T10:00:00Z h p - - ${'[a b="'.repeat(1 + below(30))}`,
    () => `34>Nov 31 25:61:61 ${noise(20)}`,
    () => `13>CEF:0|${noise(60)}`,
    () => `13>Nov 22 10:00:00 h sshd[${'9'.repeat(below(30))}]: ${noise(40)}`,
    () => `13>{"a":${'{"b":'.repeat(below(60))}`,
    () => `13>date=${noise(30)} devid="${noise(20)} type=`,
    () => '13>'.padEnd(largestFrame * (1 + below(3)), 'x'),
  ])()}.`

/** One frame as bytes of a stream, and as how many frames it counts. */
function streamed(): string {
  const frame = broken()
  return next() < 0.3 ? `${frame.length} ${frame}` : `${frame}\n`
}

const received = (source: string) => analyzer.counters?.sources.find((one) => one.source === source)?.received ?? 0

/** Nobody pushes a datagram back, so the sender waits until the collector has read what was sent. */
async function overUdp(): Promise<void> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.21')
  await once(socket, 'listening')
  for (let sent = 0; sent < framesEach;) {
    for (const end = Math.min(sent + framesABatch, framesEach); sent < end; sent++) {
      socket.send(Buffer.from(broken(), 'latin1'), addresses.syslogUdp.port, '127.0.0.1')
      if (sent % 200 === 199) await sleep(1)
    }
    while ((await journaled('udp')) < sent) await sleep(2)
  }
  socket.close()
}

async function journaled(source: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${addresses.metrics.port}/metrics`)).text()
  return Number(new RegExp(`^vonggac_collector_journaled_frames_total\\{[^}]*source="${source}"[^}]*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
}

async function overStream(open: () => Promise<Socket>): Promise<void> {
  for (let sent = 0; sent < framesEach;) {
    // Connections are cut in the middle of things, too: a counted frame that is announced and never comes is one.
    const frames = Math.min(framesABatch, framesEach - sent)
    const cut = frames > 1 && next() < 0.5
    const text = Array.from({ length: cut ? frames - 1 : frames }, streamed).join('') + (cut ? '500 <13>cut off' : '')
    const socket = await open()
    socket.end(Buffer.from(text, 'latin1'))
    socket.resume()
    await once(socket, 'close')
    sent += frames
  }
}

const overTcp = async () => {
  const socket = connectTcp({ port: addresses.syslogTcp.port, host: '127.0.0.1', localAddress: '127.0.0.22' })
  await once(socket, 'connect')
  return socket
}
const overTls = async () => {
  const tcp = connectTcp({ port: addresses.syslogTls!.port, host: '127.0.0.1', localAddress: '127.0.0.23' })
  const socket = connectTls({ socket: tcp, ca: authority.certificate, host: '127.0.0.1' })
  await once(socket, 'secureConnect')
  return socket
}

it('is survived, within bounds, and counted', async () => {
  await overUdp()
  await overStream(overTcp)
  await overStream(overTls)
  await expect
    .poll(() => ({ udp: received('udp'), tcp: received('tcp'), tls: received('tls'), dropped: analyzer.counters?.dropped }), {
      timeout: 60_000,
    })
    .toEqual({ udp: framesEach, tcp: framesEach, tls: framesEach, dropped: [] })
  await expect
    .poll(() => analyzer.counters?.acknowledged === analyzer.counters?.journaled && analyzer.lines, { timeout: 120_000 })
    .toBe(3 * framesEach)
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024
  console.log(`${3 * framesEach} malformed frames, peak ${Math.round(peak)} MB`)
  expect(peak).toBeLessThan(mostMegabytes)
  expect(child.exitCode).toBeNull()
}, 600_000)
