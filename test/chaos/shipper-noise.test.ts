import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LumberjackSender, lumberjackFrame } from '../support/lumberjack-sender.ts'
import { below, brokenJson, malformed, noise, oneOf, patience } from '../support/noise.ts'
import { expectCounted, NoisyCollector } from '../support/noisy-collector.ts'

/** Malformed frames in the protocols of Beats and Graylog: no crash, bounded memory, each counted. */
const keptBytes = 2_048
const framesABatch = 500

let collector: NoisyCollector

beforeEach(async () => {
  const settings = {
    lumberjack: { port: 0, maxEventBytes: keptBytes, maxBatchBytes: 4 * 1024 * 1024 },
    gelf: { udpPort: 0, tcpPort: 0, maxMessageBytes: keptBytes },
  }
  const sources = [
    { id: 'beats', transport: 'lumberjack', parsers: ['ecs-json'] },
    { id: 'docker', transport: 'gelf', parsers: ['gelf'] },
  ]
  collector = await NoisyCollector.start(settings, sources)
})
afterEach(() => collector.process.remove())

const latin1 = (text: string) => Buffer.from(text, 'latin1')
function* batches(): Generator<number> {
  for (let sent = 0; sent < malformed; sent += framesABatch) yield Math.min(framesABatch, malformed - sent)
}

/** What is no Lumberjack, or too much of it. */
const protocolBreaks: readonly (() => Buffer)[] = [
  () => latin1('GET / HTTP/1.1\r\n'),
  () => lumberjackFrame('Z', 1, 1),
  () => lumberjackFrame('W', 0xffff_ffff),
  () => lumberjackFrame('J', 1, 0xffff_ffff),
  () => lumberjackFrame('D', 1, 0xffff_ffff),
  () => lumberjackFrame('C', 0xffff_ffff),
  // An event without a window, and one packed frame in another.
  () => Buffer.concat([lumberjackFrame('J', 1, 2), latin1('{}')]),
  () => packed(Buffer.concat([lumberjackFrame('W', 1), packed(latin1('2W'))])),
  () => Buffer.concat([lumberjackFrame('C', 40), latin1(noise(1).repeat(40))]),
  // It unpacks to more than may be.
  () => packed(Buffer.alloc(8 * 1024 * 1024, 0x32)),
]

function packed(bytes: Buffer): Buffer {
  const data = deflateSync(bytes)
  return Buffer.concat([lumberjackFrame('C', data.length), data])
}

it(
  'Lumberjack',
  async () => {
    let connections = 0
    for (const frames of batches()) {
      const sender = await LumberjackSender.open(collector.addresses.lumberjack!.port)
      await sender.send(
        Array.from({ length: frames }, () => latin1(brokenJson(keptBytes))),
        below(2) === 0,
      )
      if (below(2) === 0) {
        connections++
        await sender.end(oneOf(protocolBreaks)())
      } else await sender.cut(Buffer.concat([lumberjackFrame('W', 5), lumberjackFrame('J', 1, 500), latin1('cut off')]))
    }
    expect(connections).toBeGreaterThan(0)
    await expectCounted(collector, 'beats', { frames: malformed, keptBytes, broken: { place: 'lumberjack', connections } })
  },
  patience,
)

it(
  'GELF over TCP',
  async () => {
    for (const frames of batches()) {
      const socket = connect(collector.addresses.gelfTcp!.port, '127.0.0.1')
      const messages = Array.from({ length: frames }, () => brokenJson(keptBytes).replaceAll('\0', '.'))
      // The last one of a connection needs no NUL.
      socket.end(latin1(messages.join('\0')))
      socket.resume()
      await once(socket, 'close')
    }
    await expectCounted(collector, 'docker', { frames: malformed, keptBytes })
  },
  patience,
)

it(
  'GELF over UDP',
  async () => {
    const socket = createSocket('udp4')
    const chunk = (number: number, count: number) => {
      const id = Buffer.alloc(8)
      id.writeDoubleLE(id.length + n++)
      return Buffer.concat([Buffer.from([0x1e, 0x0f]), id, Buffer.from([number, count]), latin1(noise(60))])
    }
    let n = 0
    let whole = 0
    for (const frames of batches()) {
      for (let sent = 0; sent < frames; sent++) {
        const kind = below(10)
        if (kind === 0) send(chunk(oneOf([2, 3, 200]), oneOf([0, 2, 129])))
        else if (kind === 1) send(chunk(0, 2))
        else {
          whole++
          if (kind === 2) send(gzipSync(latin1(brokenJson(keptBytes))).subarray(0, -5))
          else if (kind === 3) send(gzipSync(Buffer.alloc(100_000, '{')))
          else send(Buffer.concat([Buffer.from('{'), latin1(brokenJson(keptBytes))]))
        }
      }
      await collector.datagramsRead('docker', whole)
    }
    socket.close()
    await expectCounted(collector, 'docker', { frames: malformed, refusals: ['bad-chunk', 'chunks-missing', 'chunks-overflow'], keptBytes })

    function send(datagram: Buffer): void {
      socket.send(datagram, collector.addresses.gelfUdp!.port, '127.0.0.1')
    }
  },
  patience,
)
