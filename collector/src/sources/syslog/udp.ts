import { createSocket } from 'node:dgram'
import { isIPv6, type AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import { ListenError, type RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { kernelDropsOf } from './kernel-drops.ts'

export interface SyslogUdpOptions {
  readonly host: string
  readonly port: number
  readonly maxFrameBytes: number
}

/** Asked of the kernel, which grants no more than net.core.rmem_max. */
const receiveBufferBytes = 16 * 1024 * 1024
const dropPollMilliseconds = 2_000

/**
 * Syslog over UDP (RFC 5426): a datagram is a frame. Nobody can be pushed back here, so what the journal cannot take is refused and
 * counted, and what the kernel dropped before we could read it is counted under `kernel-udp`.
 * @throws ListenError
 */
export async function startSyslogUdp(options: SyslogUdpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const { host, port, maxFrameBytes } = options
  const ipv6 = isIPv6(host)
  const socket = createSocket({ type: ipv6 ? 'udp6' : 'udp4' })
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ListenError('collector.syslog.udpPort', host, port, error))
    socket.once('error', failed)
    socket.bind(port, host, () => {
      socket.off('error', failed)
      resolve()
    })
  })
  socket.on('error', (error) => log.error({ error: error.message }, 'the UDP socket failed'))
  socket.setRecvBufferSize(receiveBufferBytes)
  // Linux reports twice what it grants.
  const granted = socket.getRecvBufferSize() / 2
  if (granted < receiveBufferBytes) {
    log.info(
      { asked: receiveBufferBytes, granted },
      'the UDP receive buffer is smaller than asked for: raise net.core.rmem_max to lose less in bursts',
    )
  }
  socket.on('message', (datagram, { address }) => {
    const sender = { transport: 'syslog', peer: plainAddress(address) } as const
    const cut = datagram.length > maxFrameBytes
    const frame = cut ? datagram.subarray(0, maxFrameBytes) : withoutLineEnd(datagram)
    if (intake.congested) intake.refuseFrom(sender, frame, 'journal-full')
    else intake.acceptFrom(sender, frame, cut ? frameFlags.oversize : 0, intake.now())
  })
  const address = socket.address()
  let seen = 0
  const countKernelDrops = () => {
    const drops = kernelDropsOf(address.address, address.port)
    if (drops <= seen) return
    intake.drop('kernel-udp', 'receive-buffer-full', drops - seen)
    log.warn({ datagrams: drops - seen }, 'the kernel dropped UDP datagrams: its receive buffer was full')
    seen = drops
  }
  const poll = setInterval(countKernelDrops, dropPollMilliseconds)
  return {
    address: address as AddressInfo,
    async stop() {
      clearInterval(poll)
      countKernelDrops()
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
}

function withoutLineEnd(datagram: Buffer): Buffer {
  let end = datagram.length
  while (end > 0 && (datagram[end - 1] === 10 || datagram[end - 1] === 13 || datagram[end - 1] === 0)) end--
  return datagram.subarray(0, end)
}
