import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'
import { LumberjackSender } from '../support/lumberjack-sender.ts'

/** A sender of windows that sends again what was not answered, while the collector is killed again and again: every event arrives, and each once. */
const rounds = 8
let collector: KilledCollector

afterEach(async () => {
  await collector.remove()
})

/** How many of them were answered for before the connection ended. */
async function send(port: number, events: readonly object[]): Promise<number> {
  const sender = await LumberjackSender.open(port).catch(() => undefined)
  const answered = await sender?.send(
    events.map((event) => Buffer.from(JSON.stringify(event))),
    true,
  )
  await sender?.cut()
  return answered ?? 0
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
  await expect.poll(() => collector.analyzer.events.size, { interval: 200 }).toBeGreaterThanOrEqual(sent)
  const names = collector.values('json.n')
  expect(new Set(names).size).toBe(sent)
  expect(names.length).toBe(sent)
})
