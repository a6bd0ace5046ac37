import { readFile } from 'node:fs/promises'
import { tokenPath } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'

/** A million malformed frames through every kind of HTTP source: no crash, bounded memory, each counted. The same noise at every run. */
const framesEach = 250_000
const framesARequest = 1_000
const mostMegabytes = 512

let collector: KilledCollector
let port: number

beforeEach(async () => {
  const sources = [
    { id: 'app', transport: 'http', parsers: ['ecs-json'] },
    { id: 'may-chu', transport: 'journald', parsers: ['journald'] },
  ]
  collector = await KilledCollector.make({ http: { port: 0, maxLineBytes: 4096 }, journal: {} }, sources, { keepEvents: false })
  port = (await collector.start()).http.port
})
afterEach(() => collector.remove())

/** mulberry32: small, and the same everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const below = random(20261122)
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!
/** Bytes without line ends. */
const noise = (most: number) =>
  Buffer.from(
    Array.from({ length: 1 + below(most) }, () => oneOf([0, 1, 9, 32, 34, 44, 58, 61, 91, 92, 93, 123, 125, 200, 255, 11 + below(200)])),
  )
    .toString('latin1')
    .replace(/[\r\n]/g, '.')
const broken = () =>
  oneOf([
    () => noise(60),
    () => '{"a":'.repeat(1 + below(40)),
    () => '['.repeat(1 + below(400)),
    () => `"${'x'.repeat(below(200))}`,
    () => '7',
    () => 'null',
    () => '{"a":"\\u12"}',
    () => `{"a":${'9'.repeat(below(400))}`,
    () => '{"@timestamp":1,}',
  ])()

interface Sent {
  readonly body: string | Buffer
  readonly frames: number
}

const many = <T>(make: () => T) => Array.from({ length: framesARequest }, make)
const length = (text: string) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(text.length))
  return bytes.toString('latin1')
}
const kinds: Record<string, { source: 'app' | 'may-chu'; path: string; type: string; requests: number; make: () => Sent }> = {
  events: {
    source: 'app',
    path: '/v1/events',
    type: 'application/x-ndjson',
    requests: framesEach / framesARequest,
    make: () => ({ body: Buffer.from(many(broken).join('\n'), 'latin1'), frames: framesARequest }),
  },
  bulk: {
    source: 'app',
    path: '/_bulk',
    type: 'application/x-ndjson',
    requests: framesEach / framesARequest,
    make: () => ({
      body: Buffer.from(
        many(
          () =>
            `${oneOf(['{"create":{}}', '{"index":{"_id":7}}', '{"create":{"_id":[]}}', '{"delete":{}}\n{"create":{}}', '{"update":{}}\n{}\n{"index":{}}'])}\n${broken()}`,
        ).join('\n'),
        'latin1',
      ),
      frames: 0,
    }),
  },
  'OTLP as JSON': {
    source: 'app',
    path: '/v1/logs',
    type: 'application/json',
    requests: framesEach / framesARequest,
    make: () => {
      const logRecords = many(() =>
        oneOf<unknown>([
          7,
          null,
          'x',
          [],
          { attributes: 7 },
          { body: [] },
          { body: { kvlistValue: { values: [1] } } },
          { attributes: [{ key: 1 }] },
          { timeUnixNano: 'x', body: { intValue: {} } },
        ]),
      )
      return { body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }), frames: framesARequest }
    },
  },
  'OTLP as protobuf': {
    source: 'app',
    path: '/v1/logs',
    type: 'application/x-protobuf',
    requests: 2_000,
    make: () => ({ body: Buffer.concat([Buffer.from([10]), Buffer.from(noise(200), 'latin1')]), frames: 0 }),
  },
  journals: {
    source: 'may-chu',
    path: '/upload',
    type: 'application/vnd.fdo.journal',
    requests: framesEach / framesARequest,
    make: () => {
      const field = () => {
        const text = noise(60)
        return oneOf([
          () => `=${text}\n`,
          () => `${text}=\n`,
          () => `MESSAGE=${text}\n`,
          () => `RAW\n${length(text)}${text}\n`,
          () => `__REALTIME_TIMESTAMP=${text}\n`,
        ])()
      }
      return { body: Buffer.from(many(() => `${field()}${field()}\n`).join(''), 'latin1'), frames: framesARequest }
    },
  },
}

it('is survived, within bounds, and counted', async () => {
  const expected = { app: 0, 'may-chu': 0 }
  for (const [kind, { source, path, type, requests, make }] of Object.entries(kinds)) {
    const token = (await readFile(tokenPath(collector.folder, source), 'utf8')).trim()
    const sender = async (share: number) => {
      for (let n = 0; n < share; n++) {
        const { body, frames } = make()
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          method: 'POST',
          body: new Uint8Array(Buffer.from(body)),
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
        })
        const text = await answer.text()
        expect([kind, [200, 202, 400]]).toEqual([kind, expect.arrayContaining([answer.status])])
        // A bulk request has as many frames as items; protobuf that cannot be read is one.
        if (path === '/_bulk') expected[source] += (JSON.parse(text) as { items: unknown[] }).items.length
        else if (type === 'application/x-protobuf') expected[source] += answer.status === 400 ? 1 : 0
        else expected[source] += frames
      }
    }
    await Promise.all([sender(requests / 2), sender(requests / 2)])
  }
  const received = (source: string) => collector.analyzer.counters?.sources.find((one) => one.source === source)?.received
  await expect.poll(() => [received('app'), received('may-chu')], { timeout: 30_000 }).toEqual([expected.app, expected['may-chu']])
  expect(expected.app + expected['may-chu']).toBeGreaterThan(1_000_000)
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${collector.pid}/status`, 'utf8'))![1]) / 1024
  console.log(`${expected.app + expected['may-chu']} malformed frames, peak ${Math.round(peak)} MB`)
  expect(peak).toBeLessThan(mostMegabytes)
}, 600_000)
