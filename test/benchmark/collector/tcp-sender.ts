import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from './six-formats.ts'

export interface SentOverTcp {
  /** Bytes, line ends included. */
  readonly bytes: number
}

/** How many different frames a device sends before it sends them again. */
const differentFrames = 500

/** Each device sends its share of `frames` over a connection of its own, as fast as they are taken. */
export async function sendOverTcp(port: number, devices: readonly Device[], frames: number): Promise<SentOverTcp> {
  const sent = await Promise.all(
    devices.map(async (device, place) => {
      const share = Math.floor(frames / devices.length) + (place < frames % devices.length ? 1 : 0)
      const lines = device.frames(differentFrames).map((frame) => Buffer.concat([frame, Buffer.from('\n')]))
      const all = Buffer.concat(lines)
      const socket = await open(port, device)
      let bytes = 0
      for (let rest = share; rest > 0; rest -= differentFrames) {
        const chunk = rest >= differentFrames ? all : Buffer.concat(lines.slice(0, rest))
        bytes += chunk.length
        if (!socket.write(chunk)) await once(socket, 'drain')
      }
      socket.end()
      socket.resume()
      await once(socket, 'close')
      return bytes
    }),
  )
  return { bytes: sent.reduce((sum, bytes) => sum + bytes, 0) }
}

/** Sends `rate` frames a second until the connections are cut or `stop` is set; knows what the kernel has taken. */
export class SteadySender {
  /** Frames that were handed over without an error. */
  taken = 0
  stopped = false
  readonly #done: Promise<unknown>

  constructor(port: number, devices: readonly Device[], rate: number) {
    this.#done = Promise.all(devices.map((device) => this.#run(port, device, rate / devices.length)))
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.#done
  }

  async #run(port: number, device: Device, rate: number): Promise<void> {
    const tick = 10
    const lines = device.frames(Math.max(1, Math.round((rate * tick) / 1_000)))
    const chunk = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
    const socket = await open(port, device)
    let cut = false
    socket.on('error', () => (cut = true))
    socket.on('close', () => (cut = true))
    const began = performance.now()
    for (let turn = 1; !this.stopped && !cut; turn++) {
      await new Promise<void>((resolve) =>
        socket.write(chunk, (error) => {
          if (!error) this.taken += lines.length
          resolve()
        }),
      )
      await sleep(Math.max(0, began + turn * tick - performance.now()))
    }
    socket.destroy()
  }
}

async function open(port: number, device: Device): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: device.address })
  await once(socket, 'connect')
  return socket
}
