import { Worker } from 'node:worker_threads'
import { afterEach, expect, it, vi } from 'vitest'
import { startDetector, type Detector } from './detector.ts'
import { batchOf, rulesFrom } from './testing.ts'

const rule = (word: string, id: string) => `
title: Finds ${word}
id: ${id}
logsource: { category: webserver }
detection: { selection: { message|contains: ${word} }, condition: selection }
level: low
`
const one = rulesFrom(rule('one', '11111111-1111-4111-8111-111111111111'))
const two = rulesFrom(rule('two', '22222222-2222-4222-8222-222222222222'))
const none = rulesFrom()
const frames = [{ event: { message: 'one two', 'vonggac.logsource.category': 'webserver' } }]

let detector: Detector | undefined
afterEach(() => detector?.close())

it('evaluates batches in a thread, by the rules that were set before', async () => {
  detector = await startDetector(one)
  const { header, bytes } = batchOf('c1', 0, frames)
  const before = detector.evaluate(header, bytes)
  const swapped = detector.replaceRules(two)
  const after = detector.evaluate(header, batchOf('c1', 0, frames).bytes)
  await swapped
  expect((await before).groups.map(({ rule: { compiled } }) => compiled.title)).toEqual(['Finds one'])
  expect((await after).groups.map(({ rule: { compiled } }) => compiled.title)).toEqual(['Finds two'])
})

it('takes the bytes and gives them back for the store', async () => {
  detector = await startDetector(none)
  const { header, bytes } = batchOf('c1', 0, frames)
  const copy = bytes.slice()
  const evaluated = await detector.evaluate(header, bytes)
  expect(bytes.byteLength).toBe(0)
  expect(Buffer.from(evaluated.bytes)).toEqual(Buffer.from(copy))
})

it('leaves a buffer alone that is a view of a larger one', async () => {
  detector = await startDetector(none)
  const { header, bytes } = batchOf('c1', 0, frames)
  const pooled = Buffer.concat([bytes, Buffer.from('the neighbour')]).subarray(0, bytes.length)
  await detector.evaluate(header, pooled)
  expect(pooled.toString()).toContain('one two')
})

it('refuses a batch whose lines are not as many as announced, and goes on', async () => {
  detector = await startDetector(one)
  const { header, bytes } = batchOf('c1', 0, frames)
  await expect(detector.evaluate({ ...header, count: 2 }, bytes)).rejects.toMatchObject({ code: 'invalid-batch' })
  expect((await detector.evaluate(header, batchOf('c1', 0, frames).bytes)).groups).toHaveLength(1)
})

/** Acknowledges rules, and dies on a batch. */
const fragile = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', ({ kind }) => (kind === 'rules' ? parentPort.postMessage({ kind: 'ready' }) : process.exit(3)))
`

it('starts the thread again when it dies, and tells the senders of its batches', async () => {
  const onRestart = vi.fn()
  const start = vi.fn(() => new Worker(fragile, { eval: true }))
  detector = await startDetector(one, { start, onRestart })
  const { header, bytes } = batchOf('c1', 0, frames)
  await expect(detector.evaluate(header, bytes)).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining('code 3') as string,
  })
  await expect.poll(() => start.mock.calls.length).toBe(2)
  await detector.replaceRules(two)
  expect(onRestart).toHaveBeenCalledTimes(1)
})

it('does not start where the thread cannot', async () => {
  const start = () => new Worker('process.exit(4)', { eval: true })
  await expect(startDetector(none, { start })).rejects.toThrow('the detection thread ended with code 4')
})

it('is made ready for log sources, and takes events of others too', async () => {
  detector = await startDetector(one, { delivered: [{ category: 'webserver' }, { product: 'linux' }] })
  const { header, bytes } = batchOf('c1', 0, [...frames, { event: { message: 'one' } }])
  expect((await detector.evaluate(header, bytes)).groups.flatMap(({ hits }) => hits)).toHaveLength(2)
})
