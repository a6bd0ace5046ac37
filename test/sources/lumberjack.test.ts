import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { deflateSync } from 'node:zlib'
import { Authority } from '@vonggac/analyzer'
import { sourceSchema } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { lumberjackFrame as header } from '../support/lumberjack-sender.ts'

/** A sender written from the description of the protocol, for what a Beat does seldom or never; Filebeat itself runs in filebeat.test.ts. */
class Sender {
  readonly socket: Socket
  readonly answers: number[] = []
  #held = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk])
      for (; this.#held.length >= 6; this.#held = this.#held.subarray(6)) {
        if (this.#held.toString('latin1', 0, 2) !== '2A') throw new Error('this is no answer')
        this.answers.push(this.#held.readUInt32BE(2))
      }
    })
  }
}

const answered = async ({ answers }: Sender, sequence: number) =>
  await expect.poll(() => answers.filter((answer) => answer > 0).at(-1)).toBe(sequence)

let collector: HttpCollector | undefined
const senders: Sender[] = []

afterEach(async () => {
  for (const { socket } of senders.splice(0)) socket.destroy()
  await collector?.stop()
  collector = undefined
})

const sources = [
  { id: 'by-certificate', transport: 'lumberjack', parsers: ['ecs-json'], from: ['192.0.2.1'] },
  { id: 'beats', transport: 'lumberjack', parsers: ['ecs-json'], from: ['127.0.0.1'] },
]
const start = async (lumberjack: object = { port: 0 }, analyzer: object = {}) =>
  (collector = await HttpCollector.start({ sources, collector: { lumberjack }, analyzer }))
function open(socket = connect(collector!.running.addresses.lumberjack!.port, '127.0.0.1')): Sender {
  const sender = new Sender(socket)
  senders.push(sender)
  return sender
}
const json = (sequence: number, event: unknown) => {
  const data = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))
  return Buffer.concat([header('J', sequence, data.length), data])
}
const events = (list: readonly unknown[]) => Buffer.concat(list.map((event, index) => json(index + 1, event)))
const plain = (list: readonly unknown[]) => Buffer.concat([header('W', list.length), events(list)])
const packed = (list: readonly unknown[]) => {
  const data = deflateSync(events(list))
  return Buffer.concat([header('W', list.length), header('C', data.length), data])
}
const beat = (n: number) => ({ '@timestamp': '2026-11-22T03:00:00.000Z', message: `dòng ${n}`, agent: { type: 'filebeat' } })
const beats = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => beat(from + n))
const said = () => collector!.events.map((event) => event['message'])
const expected = (count: number) => beats(0, count).map(({ message }) => message)

it('takes windows, packed or not, many at once, and answers them in order', async () => {
  await start()
  const sender = open()
  sender.socket.write(Buffer.concat([plain(beats(0, 10)), packed(beats(10, 2_000)), plain(beats(2_000, 2_005))]))
  await answered(sender, 5)
  expect(sender.answers.filter((answer) => answer === 10 || answer === 1_990 || answer === 5)).toEqual([10, 1_990, 5])
  await expect.poll(said).toEqual(expected(2_005))
  expect(collector!.counts('beats')).toMatchObject({ received: 2_005, journaled: 2_005, connections: 1 })
  expect(collector!.events[0]).toMatchObject({ 'agent.type': 'filebeat', 'event.kind': 'event', 'vonggac.source.id': 'beats' })
})

it('keeps what is no JSON and what is too long, and answers for it', async () => {
  await start({ port: 0, maxEventBytes: 300 })
  const sender = open()
  sender.socket.write(plain(['{', '7', { message: 'x'.repeat(1_000) }, beat(0)]))
  await answered(sender, 4)
  await expect.poll(() => collector!.events.map((event) => event['error.code'] ?? event['event.kind'])).toHaveLength(4)
  expect(collector!.events.filter((event) => event['event.kind'] === 'pipeline_error')).toHaveLength(3)
})

it('takes what is sent again once, where its sender says what it is', async () => {
  await start()
  const named = [
    { ...beat(0), '@metadata': { beat: 'filebeat', _id: 'một' } },
    { ...beat(1), log: { offset: 17, file: { path: '/var/log/a' } } },
    { ...beat(2), winlog: { record_id: 4711 } },
  ]
  // Beats write an event that they send again with its members in another order.
  const turned = named.map((event) => Object.fromEntries(Object.entries(event).toReversed()))
  for (let time = 0; time < 3; time++) {
    const sender = open()
    sender.socket.write(time === 1 ? packed(turned) : plain(named))
    await answered(sender, 3)
    if (time === 1) await collector!.restart()
  }
  const sender = open()
  // Without a name, two that are equal are two.
  sender.socket.write(plain([beat(3), beat(3)]))
  await answered(sender, 2)
  await expect.poll(said).toEqual([...expected(4), beat(3).message])
})

it('answers only what is durable: what is cut off comes again, and arrives once', async () => {
  await start()
  const list = Array.from({ length: 3_000 }, (_, n) => ({ ...beat(n), '@metadata': { _id: `e${n}` } }))
  const first = open()
  const whole = plain(list)
  first.socket.write(whole.subarray(0, Math.floor(whole.length / 2)))
  await expect.poll(() => first.answers.length).toBeGreaterThan(0)
  await collector!.stopCollector()
  await collector!.restart()
  const second = open()
  second.socket.write(whole)
  await answered(second, 3_000)
  await expect.poll(said).toEqual(expected(3_000))
})

it('ends a connection that breaks the protocol or its bounds, counts it, and stays up', async () => {
  await start({ port: 0, maxBatchBytes: 100_000 })
  const bomb = deflateSync(events([{ message: 'x'.repeat(200_000) }]))
  const broken = deflateSync(events(beats(0, 5)))
  broken[10]! ^= 0xff
  const cut = deflateSync(events(beats(0, 5)).subarray(0, 100))
  const bad = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    json(1, beat(0)),
    Buffer.concat([header('W', 1), header('C', bomb.length), bomb]),
    Buffer.concat([header('W', 5), header('C', broken.length), broken]),
    Buffer.concat([header('W', 5), header('C', cut.length), cut]),
    Buffer.concat([header('W', 2), json(1, beat(0)), header('W', 1)]),
    Buffer.concat([header('W', 1), header('J', 1, 0xffffffff)]),
  ]
  for (const bytes of bad) {
    const sender = open()
    sender.socket.write(bytes)
    await once(sender.socket, 'close')
  }
  const noise = Array.from({ length: 200 }, async () => {
    const sender = open()
    sender.socket.end(randomBytes(500))
    await once(sender.socket, 'close')
  })
  await Promise.all(noise)
  const dropped = collector!.running.counters().dropped.find(({ source }) => source === 'lumberjack')!
  expect(dropped).toMatchObject({ reason: 'protocol-error', count: bad.length + noise.length })
  const sender = open()
  sender.socket.write(plain([beat(9)]))
  await answered(sender, 1)
})

it('answers nothing of a source that is paused, and takes it all once it is resumed', async () => {
  collector = await HttpCollector.start({ collector: { lumberjack: { port: 0 } } })
  const common = { name: { vi: 'Beats', en: 'Beats' }, agency: 'attt', parsers: ['ecs-json'] }
  const source = sourceSchema.parse({ ...common, id: 'assigned', transport: 'lumberjack', from: [] })
  const assignment = { sources: [source], tokens: [], revoked: [], parsers: [], networks: [] }
  collector.analyzer.assignment = { ...assignment, version: 'v1', paused: ['assigned'] }
  await expect.poll(() => collector!.running.counters().assignment).toBe('v1')
  const sender = open()
  sender.socket.write(plain(beats(0, 3)))
  await once(sender.socket, 'close')
  expect(sender.answers.filter((answer) => answer > 0)).toEqual([])
  expect(collector!.running.counters().dropped).toEqual([{ source: 'assigned', reason: 'paused', count: 3 }])
  collector.analyzer.assignment = { ...assignment, version: 'v2', paused: [] }
  await expect.poll(() => collector!.running.counters().assignment).toBe('v2')
  const again = open()
  again.socket.write(plain(beats(0, 3)))
  await answered(again, 3)
  await expect.poll(said).toEqual(expected(3))
})

it('tells its senders by their certificates over TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-lumberjack-'))
  const authority = await Authority.open(folder, { now: () => new Date() })
  await start({ tlsPort: 0 }, { authority })
  const { certificate: cert, key } = await authority.issueClient('by-certificate')
  const socket = connectTls({
    host: '127.0.0.1',
    port: collector!.running.addresses.lumberjackTls!.port,
    ca: authority.certificate,
    cert,
    key,
  })
  await once(socket, 'secureConnect')
  const sender = open(socket)
  socket.write(packed(beats(0, 20)))
  await answered(sender, 20)
  await expect.poll(said).toEqual(expected(20))
  expect(collector!.events[0]!['vonggac.source.id']).toBe('by-certificate')
  await rm(folder, { recursive: true })
})
