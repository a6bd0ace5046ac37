import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'

/** A sender of windows that sends again what was not answered, while the collector is killed again and again: every event arrives, and each once. */
const rounds = 8
let collector: KilledCollector

afterEach(async () => {
  await collector.remove()
})

function windowOf(events: readonly object[]): Buffer {
  const header = (kind: string, ...values: number[]) => {
    const bytes = Buffer.alloc(2 + values.length * 4)
    bytes.write(`2${kind}`)
    for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 2 + index * 4)
    return bytes
  }
  const frames = events.map((event, index) => {
    const data = Buffer.from(JSON.stringify(event))
    return Buffer.concat([header('J', index + 1, data.length), data])
  })
  const packed = deflateSync(Buffer.concat(frames))
  return Buffer.concat([header('W', events.length), header('C', packed.length), packed])
}

/** The last sequence that is answered before all are, or the connection ends. */
function send(port: number, events: readonly object[]): Promise<number> {
  return new Promise((resolve) => {
    let held = Buffer.alloc(0)
    let answered = 0
    const socket = connect(port, '127.0.0.1', () => socket.write(windowOf(events)))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answered))
    socket.on('data', (chunk: Buffer) => {
      for (held = Buffer.concat([held, chunk]); held.length >= 6; held = held.subarray(6))
        answered = Math.max(answered, held.readUInt32BE(2))
      if (answered === events.length) socket.destroy()
    })
  })
}

it('loses nothing that it has answered for, and doubles nothing that is sent again, over kill -9', async () => {
  collector = await KilledCollector.make({ lumberjack: { port: 0 } }, [{ id: 'beats', transport: 'lumberjack', parsers: ['json'] }])
  let port = (await collector.start()).lumberjack!.port
  let over = false
  let sent = 0
  const sender = async (name: number) => {
    for (let first = 0; !over; first += 500) {
      let rest = Array.from({ length: 500 }, (_, n) => ({ n: `${name} ${first + n}`, log: { offset: first + n } }))
      while (rest.length > 0) {
        const answered = await send(port, rest)
        rest = rest.slice(answered)
        if (answered === 0) await sleep(20)
      }
      sent += 500
    }
  }
  const senders = [sender(1), sender(2)]
  for (let round = 0; round < rounds; round++) {
    await sleep(300 + 41 * round)
    await collector.kill()
    port = (await collector.start()).lumberjack!.port
  }
  over = true
  await Promise.all(senders)
  expect(sent).toBeGreaterThan(rounds * 500)
  await expect.poll(() => collector.analyzer.events.size, { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(sent)
  const names = collector.values('json.n')
  expect(new Set(names).size).toBe(sent)
  expect(names.length).toBe(sent)
})
