import { fork, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sixDevices } from './six-formats.ts'

/** What the process is told to do, and what it says when it is done. */
interface Order {
  readonly port: number
  /** Datagrams a second, all devices together. */
  readonly rate: number
  readonly seconds: number
}

/** A process that sends datagrams at a steady rate, in bursts of a millisecond: faster than the sender of a collector's own process could be. */
export class UdpSender {
  readonly #child: ChildProcess

  constructor(seed: number) {
    this.#child = fork(fileURLToPath(import.meta.url), [String(seed)], { execArgv: ['--import', 'tsx', '--conditions=vonggac-source'] })
  }

  /** @returns how many datagrams were sent; fewer than asked for when the machine does not send as fast. */
  async send(order: Order): Promise<number> {
    this.#child.send(order)
    const [{ sent }] = (await once(this.#child, 'message')) as [{ sent: number }]
    return sent
  }

  stop(): void {
    this.#child.disconnect()
  }
}

const differentFrames = 2_000

async function run(seed: number): Promise<void> {
  const lanes = await Promise.all(
    sixDevices(seed, Date.now()).map(async (device) => {
      const socket = createSocket('udp4')
      socket.bind(0, device.address)
      await once(socket, 'listening')
      return { socket, frames: device.frames(differentFrames) }
    }),
  )
  process.on('message', (order: Order) => void send(lanes, order).then((sent) => process.send!({ sent })))
  process.on('disconnect', () => process.exit())
}

async function send(lanes: readonly { readonly socket: Socket; readonly frames: readonly Buffer[] }[], order: Order): Promise<number> {
  const { port, rate, seconds } = order
  for (const { socket } of lanes) {
    socket.connect(port, '127.0.0.1')
    await once(socket, 'connect')
  }
  const began = performance.now()
  let sent = 0
  for (let now = began; now < began + seconds * 1_000; now = performance.now()) {
    // What a pause has left undone is not made up for in one burst: that would measure the receive buffer.
    const due = Math.min(sent + rate / 200, ((now - began) / 1_000) * rate)
    for (; sent < due; sent++) {
      const { socket, frames } = lanes[sent % lanes.length]!
      socket.send(frames[Math.floor(sent / lanes.length) % differentFrames]!)
    }
    await sleep(1)
  }
  for (const { socket } of lanes) {
    while (socket.getSendQueueCount() > 0) await sleep(1)
    socket.disconnect()
  }
  return sent
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.send) await run(Number(process.argv[2]))
