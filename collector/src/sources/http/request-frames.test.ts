import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journaled } from '../testing/journaled.ts'
import type { Exchange } from './exchange.ts'
import { UnseenRequests } from './request-frames.ts'

const source = sourceSchema.parse({ id: 'app', name: { vi: 'a', en: 'a' }, agency: 'attt', transport: 'http', parsers: ['json'] })
let folder: string
let journaled: Journaled
let unseen: UnseenRequests
let now = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-requests-'))
  journaled = await Journaled.open(folder, [source])
  unseen = new UnseenRequests(journaled.guard, () => now)
})
afterEach(async () => {
  await journaled.close()
  await rm(folder, { recursive: true })
})

/** As the server hands it over; `close` ends its connection, with the answer written or not. */
function exchangeOf(url = '/v1/logs') {
  const response = Object.assign(new EventEmitter(), { writableFinished: false, destroyed: false })
  const exchange = { request: { url, headers: {} }, response } as unknown as Exchange
  const close = (writableFinished: boolean) => Object.assign(response, { writableFinished, destroyed: true }).emit('close')
  return { exchange, close }
}

async function work(exchange: Exchange, body: string, of = 'app'): Promise<void> {
  const frames = await unseen.framesOf(exchange, of, Buffer.from(body))
  const frame = { receivedMs: 1, source: 'app', peer: '', flags: 0, bytes: Buffer.from(body) }
  frames.accept([{ frame }])
  await frames.durable()
  frames.end()
}
const said = () => journaled.frames().map(({ bytes }) => bytes.toString())

it('takes a request once whose answer its sender did not see', async () => {
  const first = exchangeOf()
  await work(first.exchange, 'a')
  first.close(false)
  await work(exchangeOf().exchange, 'a')
  expect(said()).toEqual(['a'])
  await work(exchangeOf().exchange, 'a')
  expect(said()).toEqual(['a', 'a'])
})

it('takes what equals a request that was answered, or is another', async () => {
  const first = exchangeOf()
  await work(first.exchange, 'a')
  first.close(true)
  await work(exchangeOf().exchange, 'a')
  const second = exchangeOf()
  await work(second.exchange, 'b')
  second.close(false)
  await work(exchangeOf('/v1/events').exchange, 'b')
  await work(exchangeOf().exchange, 'b', 'other')
  now += 600_000
  await work(exchangeOf().exchange, 'b')
  expect(said()).toEqual(['a', 'a', 'b', 'b', 'b', 'b'])
})

it('waits for a request that is still at work, and takes what that one could not', async () => {
  for (const fails of [false, true]) {
    const first = exchangeOf()
    const frames = await unseen.framesOf(first.exchange, 'app', Buffer.from('c'))
    first.close(false)
    let isOver = false
    const again = work(exchangeOf().exchange, 'c').then(() => (isOver = true))
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    if (!fails) await frames.durable()
    frames.end()
    await again
  }
  // The first of them had nothing to take, the second failed.
  expect(said()).toEqual(['c'])
})
