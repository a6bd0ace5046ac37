import { readFile } from 'node:fs/promises'
import { tokenPath } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { brokenJson, malformed, noise, oneOf, patience } from '../support/noise.ts'
import { expectCounted, NoisyCollector } from '../support/noisy-collector.ts'

/** Malformed frames through everything that comes over HTTP: no crash, bounded memory, each counted. */
const keptBytes = 4_096
const framesARequest = 500

let collector: NoisyCollector

beforeEach(async () => {
  const sources = [
    { id: 'app', transport: 'http', parsers: ['ecs-json', 'otlp'] },
    { id: 'may-chu', transport: 'journald', parsers: ['journald'] },
  ]
  collector = await NoisyCollector.start({ http: { port: 0, maxLineBytes: keptBytes } }, sources)
})
afterEach(() => collector.process.remove())

async function post(source: string, path: string, type: string, body: string | Buffer): Promise<{ status: number; text: string }> {
  const token = (await readFile(tokenPath(collector.process.folder, source), 'utf8')).trim()
  const answer = await fetch(`http://127.0.0.1:${collector.addresses.http.port}${path}`, {
    method: 'POST',
    body: new Uint8Array(typeof body === 'string' ? Buffer.from(body, 'latin1') : body),
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
  })
  return { status: answer.status, text: await answer.text() }
}

const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make)

/** Two senders share the frames; `request` sends so many and gives how many it counts to be. */
async function sendAll(total: number, request: (frames: number) => Promise<number>): Promise<number> {
  let left = total
  let sent = 0
  const sender = async () => {
    while (left > 0) {
      const frames = Math.min(framesARequest, left)
      left -= frames
      const counted = await request(frames)
      sent += counted
    }
  }
  await Promise.all([sender(), sender()])
  return sent
}

it(
  '/v1/events',
  async () => {
    const frames = await sendAll(malformed, async (count) => {
      const { status } = await post('app', '/v1/events', 'application/x-ndjson', many(count, () => brokenJson(keptBytes)).join('\n'))
      expect(status).toBe(202)
      return count
    })
    await expectCounted(collector, 'app', { frames, keptBytes })
  },
  patience,
)

const heads = [
  '{"create":{}}',
  '{"index":{"_id":7}}',
  '{"create":{"_id":[]}}',
  '{"delete":{}}\n{"create":{}}',
  '{"update":{}}\n{}\n{"index":{}}',
  '{"x":1}',
  '7',
]

it(
  '_bulk',
  async () => {
    const frames = await sendAll(malformed, async (count) => {
      const body = many(count, () => `${oneOf(heads)}\n${brokenJson(keptBytes)}`).join('\n')
      const { status, text } = await post('app', '/_bulk', 'application/x-ndjson', body)
      expect(status).toBe(200)
      return (JSON.parse(text) as { items: unknown[] }).items.length
    })
    expect(frames).toBeGreaterThanOrEqual(malformed / 2)
    await expectCounted(collector, 'app', { frames, refusals: ['bulk-delete', 'bulk-update'], keptBytes })
  },
  patience,
)

it(
  'OTLP as JSON',
  async () => {
    const frames = await sendAll(malformed, async (count) => {
      const logRecords = many(count, () =>
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
          { body: { stringValue: 'x'.repeat(2 * keptBytes) } },
        ]),
      )
      const { status } = await post(
        'app',
        '/v1/logs',
        'application/json',
        JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
      )
      expect(status).toBe(200)
      return count
    })
    await expectCounted(collector, 'app', { frames, keptBytes })
  },
  patience,
)

/** What cannot be read at all is one frame a request. */
it(
  'OTLP as protobuf',
  async () => {
    const frames = await sendAll(Math.ceil(malformed / 20), async (count) => {
      for (let n = 0; n < count; n++) {
        const body = Buffer.concat([Buffer.from([10, 127]), Buffer.from(noise(100), 'latin1')])
        expect((await post('app', '/v1/logs', 'application/x-protobuf', body)).status).toBe(400)
      }
      return count
    })
    await expectCounted(collector, 'app', { frames, keptBytes })
  },
  patience,
)

it(
  'journals',
  async () => {
    const length = (text: string) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(BigInt(text.length))
      return bytes.toString('latin1')
    }
    const field = () => {
      const text = noise(60)
      return oneOf([
        () => `=${text}\n`,
        () => `${text}=\n`,
        () => `MESSAGE=${text}\n`,
        () => `RAW\n${length(text)}${text}\n`,
        () => `__REALTIME_TIMESTAMP=${text}\n`,
        () => `MESSAGE=${'x'.repeat(2 * keptBytes)}\n`,
      ])()
    }
    const frames = await sendAll(malformed, async (count) => {
      const { status } = await post(
        'may-chu',
        '/upload',
        'application/vnd.fdo.journal',
        many(count, () => `${field()}${field()}\n`).join(''),
      )
      expect(status).toBe(202)
      return count
    })
    await expectCounted(collector, 'may-chu', { frames, keptBytes })
  },
  patience,
)
