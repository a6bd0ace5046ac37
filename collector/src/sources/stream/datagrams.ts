import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import { ListenError, type RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { kernelDropsOf } from './kernel-drops.ts'

export interface DatagramOptions {
  readonly host: string
  readonly port: number
  /** Of the port, in `vonggac.yml`. */
  readonly setting: string
}

/** Asked of the kernel, which grants no more than net.core.rmem_max. */
const receiveBufferBytes = 16 * 1024 * 1024
const dropPollMilliseconds = 2_000

/**
 * Gives each datagram and its sender's address to `take`. Nobody can be pushed back here; what the kernel dropped before it could be read is counted under
 * `kernel-udp`.
 * @throws ListenError
 */
export async function startDatagrams(
  { host, port, setting }: DatagramOptions,
  intake: Intake,
  log: Logger,
  take: (datagram: Buffer, peer: string) => void,
): Promise<RunningServer> {
  const ipv6 = isIPv6(host)
  const socket = createSocket({ type: ipv6 ? 'udp6' : 'udp4' })
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ListenError(setting, host, port, error))
    socket.once('error', failed)
    socket.bind(port, host, () => {
      socket.off('error', failed)
      resolve()
    })
  })
  socket.on('error', (error) => log.error({ setting, error: error.message }, 'the UDP socket failed'))
  socket.setRecvBufferSize(receiveBufferBytes)
  // Linux reports twice what it grants.
  const granted = socket.getRecvBufferSize() / 2
  if (granted < receiveBufferBytes) {
    log.info(
      { setting, asked: receiveBufferBytes, granted },
      'the UDP receive buffer is smaller than asked for: raise net.core.rmem_max to lose less in bursts',
    )
  }
  socket.on('message', (datagram, { address }) => take(datagram, plainAddress(address)))
  const address = socket.address()
  let seen = 0
  const countKernelDrops = () => {
    const drops = kernelDropsOf(address.address, address.port)
    if (drops <= seen) return
    intake.drop('kernel-udp', 'receive-buffer-full', drops - seen)
    log.warn({ setting, datagrams: drops - seen }, 'the kernel dropped UDP datagrams: its receive buffer was full')
    seen = drops
  }
  const poll = setInterval(countKernelDrops, dropPollMilliseconds)
  return {
    address,
    async stop() {
      clearInterval(poll)
      countKernelDrops()
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
}
