import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { replay, type RecordedLine } from './replay.ts'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

async function listen(): Promise<{ port: { tcpPort: number; udpPort: number }; tcp: () => string; udp: string[] }> {
  let received = ''
  const server = createServer((socket) => socket.on('data', (chunk) => (received += chunk.toString()))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const udp: string[] = []
  const datagrams = createSocket('udp4', (message) => udp.push(message.toString())).bind(0, '127.0.0.1')
  await once(datagrams, 'listening')
  closers.push(
    () => server.close(),
    () => datagrams.close(),
  )
  return { port: { tcpPort: (server.address() as AddressInfo).port, udpPort: datagrams.address().port }, tcp: () => received, udp }
}

const nginx: RecordedLine = {
  at: 0,
  host: 'web',
  program: 'nginx',
  pid: 8,
  message: '192.0.2.1 - - [22/Nov/2026:10:37:40 +0000] "GET /tra-cứu HTTP/1.1" 200 69 "-" "x"',
}
const sshd: RecordedLine = { at: 5, host: 'web', program: 'sshd', pid: 9, message: 'Failed password for root from 192.0.2.1 port 1 ssh2' }

it('replays web lines by TCP with octet counts in bytes, and sshd lines by UDP', async () => {
  const { port, tcp, udp } = await listen()
  const progress: number[] = []
  const sent = await replay([nginx, sshd, nginx], { host: '127.0.0.1', ...port }, { speed: Infinity, onProgress: (n) => progress.push(n) })
  expect(sent).toBe(3)
  expect(progress).toEqual([1, 2, 3])
  const twoFrames = /^(\d+) (<190>1 \S+Z web nginx 8 - - .*?"x")\d+ /s
  await expect.poll(tcp).toMatch(twoFrames)
  const [, length, frame] = twoFrames.exec(tcp())!
  expect(Buffer.byteLength(frame!)).toBe(Number(length))
  await expect.poll(() => udp.length).toBe(1)
  expect(udp[0]).toMatch(/^<86>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d web sshd\[9\]: Failed password/)
})

it('gives web lines the time of now', async () => {
  const { port, tcp } = await listen()
  await replay([nginx], { host: '127.0.0.1', ...port }, { speed: Infinity })
  await expect.poll(tcp).toContain('+0700]')
  expect(tcp()).not.toContain('10:37:40 +0000')
})

it('says so when nobody listens', async () => {
  await expect(replay([nginx], { host: '127.0.0.1', tcpPort: 1, udpPort: 1 }, { speed: 1 })).rejects.toThrow('ECONNREFUSED')
})
