import { randomBytes } from 'node:crypto'
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { deflateSync, gzipSync } from 'node:zlib'
import { Authority } from '@vonggac/analyzer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

let collector: HttpCollector | undefined
let udp: UdpSocket

beforeEach(() => {
  udp = createSocket('udp4')
})
afterEach(async () => {
  udp.close()
  await collector?.stop()
  collector = undefined
})

const sources = [
  { id: 'by-certificate', transport: 'gelf', parsers: ['gelf'], from: ['192.0.2.1'] },
  { id: 'docker', transport: 'gelf', parsers: ['gelf'], from: ['127.0.0.1'] },
]
const start = async (gelf: object, analyzer: object = {}) =>
  (collector = await HttpCollector.start({ sources, collector: { gelf }, analyzer }))
const message = (n: number, more = '') =>
  Buffer.from(JSON.stringify({ version: '1.1', host: 'a', short_message: `tin ${n}`, timestamp: 1_795_320_000 + n, level: 6, _more: more }))
const send = (datagram: Buffer) =>
  new Promise<void>((resolve, reject) => {
    udp.send(datagram, collector!.running.addresses.gelfUdp!.port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
  })
function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const id = randomBytes(8)
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, n) =>
    Buffer.concat([Buffer.from([0x1e, 0x0f]), id, Buffer.from([n, count]), bytes.subarray(n * size, n * size + size)]),
  )
}
const said = () => collector!.events.map((event) => event['message'])
const texts = (count: number) => Array.from({ length: count }, (_, n) => `tin ${n}`)
const dropped = () => Object.fromEntries(collector!.running.counters().dropped.map(({ reason, count }) => [reason, count]))

it('takes datagrams, packed or not, whole or in chunks', async () => {
  await start({ udpPort: 0 })
  const long = randomBytes(20_000).toString('base64')
  await send(message(0))
  await send(gzipSync(message(1)))
  await send(deflateSync(message(2)))
  for (const part of chunksOf(message(3, long), 1_000)) await send(part)
  for (const part of chunksOf(gzipSync(message(4, long)), 200).toReversed()) await send(part)
  await expect.poll(said).toEqual(texts(5))
  expect(collector!.events[4]).toMatchObject({ 'gelf._more': long, 'log.level': 'info', '@timestamp': '2026-11-22T04:00:04.000Z' })
  expect(collector!.counts('docker')).toMatchObject({ received: 5, journaled: 5 })
})

it('keeps what cannot be unpacked and what is too long, and counts what does not become whole', async () => {
  await start({ udpPort: 0, maxMessageBytes: 1_000 })
  await send(gzipSync(message(0, 'x'.repeat(1_000_000))))
  const broken = gzipSync(message(1))
  broken[15]! ^= 0xff
  await send(broken)
  await send(message(2, 'x'.repeat(5_000)))
  await expect.poll(() => collector!.events.map((event) => event['error.code'])).toEqual(['oversize', 'bad-json', 'oversize'])
  for (const part of chunksOf(message(3), 30).slice(1)) await send(part)
  await send(Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]))
  await expect.poll(dropped).toEqual({ 'bad-chunk': 1, 'chunks-missing': 1 })
  expect(collector!.counts('docker')).toMatchObject({ received: 5, journaled: 3 })
})

it('takes a stream of messages over TCP, each ended by NUL, the last one perhaps not', async () => {
  await start({ tcpPort: 0 })
  const socket = connect(collector!.running.addresses.gelfTcp!.port, '127.0.0.1')
  const stream = Buffer.concat(Array.from({ length: 500 }, (_, n) => Buffer.concat([message(n), Buffer.from([0])])))
  for (let at = 0; at < stream.length; at += 777) socket.write(stream.subarray(at, at + 777))
  socket.end(message(500))
  await expect.poll(said).toEqual(texts(501))
})

it('tells its senders by their certificates over TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-gelf-'))
  const authority = await Authority.open(folder, { now: () => new Date() })
  await start({ tlsPort: 0 }, { authority })
  const { certificate: cert, key } = await authority.issueClient('by-certificate')
  const { port } = collector!.running.addresses.gelfTls!
  const socket = connectTls({ host: '127.0.0.1', port, ca: authority.certificate, cert, key })
  await once(socket, 'secureConnect')
  socket.end(message(0))
  await expect.poll(said).toEqual(texts(1))
  expect(collector!.events[0]!['vonggac.source.id']).toBe('by-certificate')
  await rm(folder, { recursive: true })
})

it('outlives noise, and accounts for every datagram of it', async () => {
  await start({ udpPort: 0, tcpPort: 0 })
  for (let n = 0; n < 2_000; n++) {
    const noise = randomBytes(1 + (n % 300))
    if (n % 2 === 0) Buffer.from([0x1e, 0x0f]).copy(noise)
    await send(noise)
  }
  const socket = connect(collector!.running.addresses.gelfTcp!.port, '127.0.0.1')
  socket.end(randomBytes(1_000_000).map((byte) => byte || 1))
  await once(socket.resume(), 'close')
  await send(message(0))
  await expect.poll(said).toContain('tin 0')
  const { received, journaled } = collector!.counts('docker')
  const refused = Object.values(dropped()).reduce((sum, count) => sum + count, 0)
  // Chunks that wait are none yet; the kernel may have dropped some.
  expect(journaled + refused).toBe(received + (dropped()['receive-buffer-full'] ?? 0))
  expect(received).toBeGreaterThan(1_000)
})
