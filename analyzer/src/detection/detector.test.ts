import { afterEach, expect, it } from 'vitest'
import { startDetector, type Detector } from './detector.ts'
import { batchOf, rulesFrom } from './testing.ts'

const rule = (word: string, id: string) => `
title: Finds ${word}
id: ${id}
logsource: { category: webserver }
detection: { selection: { message|contains: ${word} }, condition: selection }
level: low
`
const [one, two] = rulesFrom(rule('one', '11111111-1111-4111-8111-111111111111'), rule('two', '22222222-2222-4222-8222-222222222222'))
const frames = [{ event: { message: 'one two', 'vonggac.logsource.category': 'webserver' } }]

let detector: Detector | undefined
afterEach(() => detector?.close())

it('evaluates batches in a thread, by the rules that were set before', async () => {
  detector = await startDetector([one!])
  const { header, bytes } = batchOf('c1', 0, frames)
  const before = detector.evaluate(header, bytes)
  const swapped = detector.replaceRules([two!])
  const after = detector.evaluate(header, batchOf('c1', 0, frames).bytes)
  await swapped
  expect((await before).groups.map(({ rule: { compiled } }) => compiled.title)).toEqual(['Finds one'])
  expect((await after).groups.map(({ rule: { compiled } }) => compiled.title)).toEqual(['Finds two'])
})

it('takes the bytes and gives them back for the store', async () => {
  detector = await startDetector([])
  const { header, bytes } = batchOf('c1', 0, frames)
  const copy = bytes.slice()
  const evaluated = await detector.evaluate(header, bytes)
  expect(bytes.byteLength).toBe(0)
  expect(Buffer.from(evaluated.bytes)).toEqual(Buffer.from(copy))
})

it('leaves a buffer alone that is a view of a larger one', async () => {
  detector = await startDetector([])
  const { header, bytes } = batchOf('c1', 0, frames)
  const pooled = Buffer.concat([bytes, Buffer.from('the neighbour')]).subarray(0, bytes.length)
  await detector.evaluate(header, pooled)
  expect(pooled.toString()).toContain('one two')
})

it('refuses a batch whose lines are not as many as announced, and goes on', async () => {
  detector = await startDetector([one!])
  const { header, bytes } = batchOf('c1', 0, frames)
  await expect(detector.evaluate({ ...header, count: 2 }, bytes)).rejects.toMatchObject({ code: 'invalid-batch' })
  expect((await detector.evaluate(header, batchOf('c1', 0, frames).bytes)).groups).toHaveLength(1)
})
