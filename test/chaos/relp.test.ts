import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'
import { RelpSender } from '../support/relp-sender.ts'

/** Senders over RELP that send again what was not answered, while the collector is killed again and again. */
const [rounds, senders, framesAtOnce] = [6, 2, 20]
let collector: KilledCollector

afterEach(() => collector.remove())

it('loses nothing that it has answered for, over kill -9, and doubles no more than was under way', async () => {
  collector = await KilledCollector.make({ relp: { port: 0 } }, [{ id: 'may', transport: 'syslog', parsers: ['key-value'] }])
  let port = (await collector.start()).relp!.port
  let [sent, answered, over] = [0, 0, false]
  const frame = (n: number) => Buffer.from(`<13>Nov 22 10:00:00 may app: n=${n} msg="một dòng"`)
  const deliver = async (frames: readonly Buffer[]) => {
    for (let session: RelpSender | undefined; ; await sleep(20)) {
      try {
        session = await RelpSender.open(port)
        await session.send(frames)
        return await session.cut('')
      } catch {
        // It was killed: the same again.
      }
    }
  }
  const sender = async () => {
    while (!over) {
      const first = sent
      sent += framesAtOnce
      await deliver(Array.from({ length: framesAtOnce }, (_, index) => frame(first + index)))
      answered += framesAtOnce
    }
  }
  const sending = Array.from({ length: senders }, sender)
  for (let round = 1; round <= rounds; round++) {
    await expect.poll(() => answered).toBeGreaterThan(round * 200)
    await collector.kill()
    port = (await collector.start()).relp!.port
  }
  over = true
  await Promise.all(sending)
  await expect.poll(() => new Set(collector.values('kv.n')).size).toBe(sent)
  expect(collector.analyzer.events.size - sent).toBeLessThanOrEqual(rounds * senders * framesAtOnce)
})
