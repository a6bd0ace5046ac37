import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { relpFrame } from './frames.ts'
import { startRelp } from './server.ts'

/** What is taken becomes durable when the test says so. */
let taken: string[]
let connections: number
let makeDurable: () => void
let durable: Promise<void>
let server: RunningServer
const sockets: Socket[] = []

beforeEach(async () => {
  taken = []
  connections = 0
  durable = new Promise((resolve) => (makeDurable = resolve))
  const intake = {
    now: Date.now,
    congested: false,
    acceptFrom: (_sender: object, bytes: Buffer) => ({ source: 'may', position: taken.push(bytes.toString()) - 1 }),
    durable: (position: number) => (position < 0 ? Promise.resolve() : durable),
    connected: (_source: string, change: number) => void (connections += change),
  } as unknown as Intake
  server = await startRelp({ host: '127.0.0.1', port: 0, maxConnections: 10, maxFrameBytes: 1_024 }, intake, pino({ level: 'silent' }))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  makeDurable()
  await server.stop()
})

async function session(): Promise<{ socket: Socket; send: (...messages: string[]) => void; answers: () => number }> {
  const socket = connect(server.address.port, '127.0.0.1')
  sockets.push(socket)
  await once(socket, 'connect')
  let text = ''
  let transaction = 1
  socket.on('error', () => {}).on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write(relpFrame(transaction++, 'open', 'commands=syslog'))
  const send = (...messages: string[]) => socket.write(messages.map((message) => relpFrame(transaction++, 'syslog', message)).join(''))
  return { socket, send, answers: () => text.match(/rsp 6 200 OK/g)?.length ?? 0 }
}

it('takes once what was not answered when the connection broke and is sent again', async () => {
  const first = await session()
  first.send('a', 'b', 'b')
  await expect.poll(() => taken).toEqual(['a', 'b', 'b'])
  first.socket.destroy()
  await expect.poll(() => connections).toBe(0)
  const second = await session()
  second.send('a', 'b', 'b', 'b', 'c')
  await expect.poll(() => taken).toEqual(['a', 'b', 'b', 'b', 'c'])
  expect(second.answers()).toBe(0)
  makeDurable()
  await expect.poll(() => second.answers()).toBe(5)
})

it('takes what equals a frame that was answered', async () => {
  makeDurable()
  const first = await session()
  first.send('a')
  await expect.poll(() => first.answers()).toBe(1)
  first.socket.destroy()
  await expect.poll(() => connections).toBe(0)
  const second = await session()
  second.send('a')
  await expect.poll(() => taken).toEqual(['a', 'a'])
})

it('answers for what it has taken before it stops', async () => {
  const { socket, send, answers } = await session()
  send('a', 'b')
  await expect.poll(() => taken).toEqual(['a', 'b'])
  const stopped = server.stop()
  makeDurable()
  await Promise.all([stopped, once(socket, 'close')])
  expect(answers()).toBe(2)
})
