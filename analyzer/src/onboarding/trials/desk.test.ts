import { trialLimits } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TrialDesk, type Trial } from './desk.ts'

const trial: Trial = { kind: 'try', yaml: 'x', lines: ['a'], framing: 'plain' }
const result = { parser: 'parser', read: 1, lines: 1, events: [{}] }
const never = new AbortController().signal

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('gives an order to the collector that waits, and its answer to the person', async () => {
  const desk = new TrialDesk()
  const asked = desk.next(never)
  const answered = desk.run(trial)
  const order = await asked
  expect(order).toMatchObject(trial)
  desk.answer(order!.id, { results: [result] })
  expect(await answered).toEqual([result])
})

it('says that no collector is connected, rather than wait for one', async () => {
  await expect(new TrialDesk().run(trial)).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining('No collector is connected'),
  })
})

it('keeps an order for a collector that is at another', async () => {
  const desk = new TrialDesk()
  const first = desk.next(never)
  const answers = [desk.run(trial), desk.run(trial)]
  desk.answer((await first)!.id, { results: [result] })
  desk.answer((await desk.next(never))!.id, { results: [] })
  expect(await Promise.all(answers)).toEqual([[result], []])
})

it('gives up a collector that does not answer, and tells what one could not do', async () => {
  const desk = new TrialDesk(() => Date.now())
  const asked = desk.next(never)
  const late = desk.run(trial).catch((error: Error) => error)
  const { id } = (await asked)!
  await vi.advanceTimersByTimeAsync(2 * trialLimits.seconds * 1_000)
  expect(await late).toMatchObject({ code: 'busy', message: expect.stringContaining('did not answer in time') })
  desk.answer(id, { results: [] })
  const next = desk.next(never)
  const failed = desk.run(trial)
  desk.answer((await next)!.id, { results: [], failed: 'too slow' })
  await expect(failed).rejects.toMatchObject({ code: 'invalid-request', message: 'too slow' })
})

it('lets a collector go that hangs up, or that nobody needs for a while', async () => {
  const desk = new TrialDesk()
  const gone = new AbortController()
  const asked = desk.next(gone.signal)
  gone.abort()
  expect(await asked).toBeUndefined()
  const idle = desk.next(never)
  await vi.advanceTimersByTimeAsync(trialLimits.pollSeconds * 1_000)
  expect(await idle).toBeUndefined()
  const closing = desk.next(never)
  desk.close()
  expect(await closing).toBeUndefined()
})
