import { afterEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

/** NDJSON that is sent again: what is taken once, and what is not. */
let collector: HttpCollector | undefined

afterEach(async () => {
  await collector?.stop()
  collector = undefined
})

const body = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `{"labels.n":"${from + n}"}`).join('\n')
const numbers = () => collector!.events.map((event) => Number(event['labels.n']))
async function post(text: string, key?: string): Promise<unknown> {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  const answer = await collector!.fetch('/v1/events', { method: 'POST', body: text, headers })
  return { status: answer.status, ...((await answer.json()) as object) }
}

it('takes each line of a request with a key once, also over a restart, and half of it first', async () => {
  collector = await HttpCollector.start()
  const taken = { status: 202, accepted: 3, rejected: [], rejectedTotal: 0 }
  expect(await post(body(0, 3), 'a')).toEqual(taken)
  expect(await post(body(0, 3), 'a')).toEqual(taken)
  await collector.restart()
  expect(await post(body(0, 5), 'a')).toEqual({ ...taken, accepted: 5 })
  await expect.poll(numbers).toEqual([0, 1, 2, 3, 4])
})

it('takes the same lines under another key, and other lines under the same', async () => {
  collector = await HttpCollector.start()
  for (const key of ['a', 'b', undefined, undefined]) await post(body(0, 1), key)
  await post(body(1, 2), 'a')
  // Two equal lines of one request are two.
  await post(`${body(2, 3)}\n${body(2, 3)}`, 'c')
  await expect.poll(numbers).toEqual([0, 0, 0, 0, 1, 2, 2])
  expect(await post(body(0, 1), 'k'.repeat(256))).toMatchObject({ status: 400, detail: expect.stringContaining('255') as string })
})
