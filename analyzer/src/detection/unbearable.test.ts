import { Worker } from 'node:worker_threads'
import { fields, type FlatEvent } from '@vonggac/contract'
import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { startDetector, type Detector, type DetectorOptions, type EvaluatedBatch } from './detector.ts'
import { batchOf, rulesFrom, type TestBatch, type TestFrame } from './testing.ts'
import { unbearableLines } from './unbearable.ts'

const rules = rulesFrom(`
title: Finds one
id: 11111111-1111-4111-8111-111111111111
logsource: { category: webserver }
detection: { selection: { message|contains: one }, condition: selection }
level: low
`)

let detector: Detector | undefined
afterEach(() => detector?.close())

const start = () => new Worker(new URL('./worker-that-dies.testing.mjs', import.meta.url), { execArgv: ['--conditions=vonggac-source'] })
const event = (timestamp?: string): TestFrame => ({
  event: { message: 'one', 'vonggac.logsource.category': 'webserver', ...(timestamp ? { '@timestamp': timestamp } : {}) },
})

/** Sends the batch as a collector does: again and again, until it is taken. */
async function untilTaken({ header, bytes }: TestBatch, options: DetectorOptions = {}): Promise<{ taken: EvaluatedBatch; tries: number }> {
  detector ??= await startDetector(rules, { start, ...options })
  for (let tries = 1; ; tries++) {
    const taken = await detector.evaluate(header, bytes.slice()).catch(() => undefined)
    if (taken) return { taken, tries }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

it('keeps lines that the thread does not survive as rejected, and goes on with the others', async () => {
  const onUnbearable = vi.fn()
  const batch = batchOf('c1', 10, [event(), event('lethal'), event(), event('throws'), event()])
  const { taken } = await untilTaken(batch, { onUnbearable })
  expect(onUnbearable.mock.calls).toEqual([[{ collector: 'c1', first: 10, last: 14, lines: [1, 3] }]])
  expect(taken.groups.flatMap(({ hits }) => hits.map(({ position }) => position))).toEqual([10, 12, 14])
  const sent = new TextDecoder().decode(batch.bytes).split('\n')
  const stored = new TextDecoder().decode(taken.bytes).split('\n')
  expect([stored[0], stored[2], stored[4]]).toEqual([sent[0], sent[2], sent[4]])
  const rejected = JSON.parse(stored[1]!) as FlatEvent
  expect([rejected[fields.kind], rejected[fields.rejectReason], rejected[fields.original]]).toEqual([
    'pipeline_error',
    'bad-event',
    sent[1],
  ])
  expect(taken.counts).toMatchObject([{ stored: 5, evaluated: 3, rejected: { 'bad-event': 2 } }])

  const again = await untilTaken(batch)
  expect(again).toEqual({ taken, tries: 1 })
  expect((await untilTaken(batchOf('c1', 15, [event()]))).tries).toBe(1)
})

it('ends a thread that hangs, and finds the line that it hangs at', async () => {
  const onRestart = vi.fn()
  detector = await startDetector(rules, { start, onRestart, limitMs: 2_000 })
  const { taken } = await untilTaken(batchOf('c1', 0, [event('endless'), event()]))
  expect(taken.counts).toMatchObject([{ stored: 2, evaluated: 1, rejected: { 'bad-event': 1 } }])
  expect(onRestart.mock.calls[0]).toMatchObject([{ message: 'the detection thread took longer than 2 s and was ended' }])
})

it('finds exactly the lines to blame, and comes to an end when there are too many', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 500 }), async (bad, maxTries) => {
      let tries = 0
      const survives = async (from: number, to: number) => {
        tries++
        return !bad.slice(from, to).includes(true)
      }
      const blamed = await unbearableLines(bad.length, survives, maxTries)
      const guilty = bad.flatMap((isBad, line) => (isBad ? [line] : []))
      expect(guilty.filter((line) => !blamed.includes(line))).toEqual([])
      expect(blamed).toEqual([...new Set(blamed)].toSorted((a, b) => a - b))
      expect(tries < maxTries ? blamed : guilty).toEqual(guilty)
      expect(tries).toBeLessThanOrEqual(maxTries + 40)
    }),
  )
})

it('gives lines up together that the thread survives only apart, and none where it was but once that it did not', async () => {
  expect(await unbearableLines(4, async (from, to) => to - from < 4)).toEqual([0, 1, 2, 3])
  let tries = 0
  expect(await unbearableLines(4, async () => tries++ > 0)).toEqual([])
})
