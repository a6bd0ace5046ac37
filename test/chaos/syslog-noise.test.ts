import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { Authority } from '@vonggac/analyzer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { below, brokenSyslog, malformed, noise, oneOf, patience } from '../support/noise.ts'
import { expectCounted, NoisyCollector } from '../support/noisy-collector.ts'
import { RelpSender } from '../support/relp-sender.ts'

/** Malformed frames through every way of syslog: no crash, bounded memory, each counted. */
const keptBytes = 1_024
const framesABatch = 500

let folder: string
let authority: Authority
let collector: NoisyCollector

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-syslog-noise-'))
  authority = await Authority.open(folder, { now: () => new Date() })
  const settings = {
    syslog: { udpPort: 0, tcpPort: 0, tlsPort: 0, maxFrameBytes: keptBytes },
    relp: { port: 0, maxFrameBytes: keptBytes },
  }
  const sources = [
    { id: 'udp', parsers: ['openssh', 'nginx', 'cef', 'leef', 'key-value'], from: ['127.0.0.21'] },
    { id: 'tcp', parsers: ['fortigate', 'cisco-asa', 'haproxy', 'ecs-json'], from: ['127.0.0.22'] },
    { id: 'tls', parsers: ['windows', 'suricata', 'palo-alto'], from: ['127.0.0.23'] },
    { id: 'over-relp', parsers: ['openssh', 'cef', 'ecs-json'], from: ['127.0.0.24'] },
  ]
  collector = await NoisyCollector.start(
    settings,
    sources.map((source) => ({ ...source, transport: 'syslog' })),
    { authority },
  )
})
afterEach(async () => {
  await collector.process.remove()
  await rm(folder, { recursive: true })
})

/** Sizes of the batches that all frames come to. */
function* batches(): Generator<number> {
  for (let sent = 0; sent < malformed; sent += framesABatch) yield Math.min(framesABatch, malformed - sent)
}

it(
  'syslog over UDP',
  async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.21')
    await once(socket, 'listening')
    let sent = 0
    for (const frames of batches()) {
      for (let n = 0; n < frames; n++)
        socket.send(Buffer.from(brokenSyslog(keptBytes), 'latin1'), collector.addresses.syslogUdp.port, '127.0.0.1')
      sent += frames
      await collector.datagramsRead('udp', sent)
    }
    socket.close()
    await expectCounted(collector, 'udp', { frames: malformed, keptBytes })
  },
  patience,
)

/** One frame, as bytes of a stream. In a line, a NUL may be its end. */
function streamed(): string {
  const frame = brokenSyslog(keptBytes)
  return below(3) === 0 ? `${frame.length} ${frame}` : `${frame.replaceAll('\0', '.')}\n`
}

/** Connections are cut in the middle of things, too: a counted frame that is announced and never comes is one. */
async function overStream(open: () => Promise<Socket>): Promise<void> {
  for (const frames of batches()) {
    const cut = below(2) === 0
    const text = Array.from({ length: cut ? frames - 1 : frames }, streamed).join('') + (cut ? '500 <13>cut off' : '')
    const socket = await open()
    socket.end(Buffer.from(text, 'latin1'))
    socket.resume()
    await once(socket, 'close')
  }
}

it(
  'syslog over TCP',
  async () => {
    await overStream(async () => {
      const socket = connectTcp({ port: collector.addresses.syslogTcp.port, host: '127.0.0.1', localAddress: '127.0.0.22' })
      await once(socket, 'connect')
      return socket
    })
    await expectCounted(collector, 'tcp', { frames: malformed, keptBytes })
  },
  patience,
)

it(
  'syslog over TLS',
  async () => {
    await overStream(async () => {
      const tcp = connectTcp({ port: collector.addresses.syslogTls!.port, host: '127.0.0.1', localAddress: '127.0.0.23' })
      const socket = connectTls({ socket: tcp, ca: authority.certificate, host: '127.0.0.1' })
      await once(socket, 'secureConnect')
      return socket
    })
    await expectCounted(collector, 'tls', { frames: malformed, keptBytes })
  },
  patience,
)

it(
  'RELP',
  async () => {
    let connections = 0
    for (const frames of batches()) {
      const sender = await RelpSender.open(collector.addresses.relp!.port, '127.0.0.24')
      await sender.send(Array.from({ length: frames }, () => Buffer.from(brokenSyslog(keptBytes), 'latin1')))
      // Half of the sessions end in something that is no RELP; the others within a frame, which nobody answers for.
      if (below(2) === 0) {
        connections++
        await sender.end(
          oneOf(['GET / HTTP/1.1\r\n', '\0'.repeat(60), '7 syslog 5\n', '9999999999 syslog 0\n', '2 syslog 3 abcX', `${noise(80)}\n`]),
        )
      } else await sender.cut('7 syslog 500 <13>cut off')
    }
    expect(connections).toBeGreaterThan(0)
    await expectCounted(collector, 'over-relp', { frames: malformed, keptBytes, broken: { place: 'relp', connections } })
  },
  patience,
)
