import { unzipSync } from 'node:zlib'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { startDatagrams } from '../stream/datagrams.ts'
import { Chunks, isChunk } from './chunks.ts'

export interface GelfUdpOptions {
  readonly host: string
  readonly port: number
  readonly maxMessageBytes: number
}

const mostOpen = { messages: 1_000, bytes: 32 * 1024 * 1024 }
const expireEveryMs = 1_000

/**
 * GELF over UDP: JSON, as it is or packed by gzip or zlib, in one datagram or in chunks. What the journal cannot take, and messages that do not become whole, are
 * refused and counted.
 * @throws ListenError
 */
export async function startGelfUdp({ host, port, maxMessageBytes }: GelfUdpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const senderOf = (peer: string) => ({ transport: 'gelf', peer }) as const
  const chunks = new Chunks(mostOpen, (peer, part, reason) => intake.refuseFrom(senderOf(peer), part, reason))
  const take = (message: Buffer, peer: string) => {
    const { bytes, flags } = unpacked(message, maxMessageBytes)
    if (intake.congested) intake.refuseFrom(senderOf(peer), bytes, 'journal-full')
    else intake.acceptFrom(senderOf(peer), bytes, flags, intake.now())
  }
  const server = await startDatagrams({ host, port, setting: 'collector.gelf.udpPort' }, intake, log, (datagram, peer) => {
    if (!isChunk(datagram)) return take(datagram, peer)
    const chunked = chunks.add(peer, datagram, performance.now())
    if (chunked.kind === 'whole') take(chunked.bytes, peer)
    else if (chunked.kind === 'bad') intake.refuseFrom(senderOf(peer), datagram, 'bad-chunk')
  })
  const timer = setInterval(() => chunks.expire(performance.now()), expireEveryMs)
  return {
    address: server.address,
    async stop() {
      clearInterval(timer)
      await server.stop()
      chunks.close()
    },
  }
}

/** What cannot be unpacked, or unpacks to too much, is kept as it came. */
function unpacked(message: Buffer, limit: number): { readonly bytes: Buffer; readonly flags: number } {
  const bounded = (bytes: Buffer, flags: number) =>
    bytes.length > limit ? { bytes: bytes.subarray(0, limit), flags: flags | frameFlags.oversize } : { bytes, flags }
  if (!isPacked(message)) return bounded(message, 0)
  try {
    return { bytes: unzipSync(message, { maxOutputLength: limit }), flags: 0 }
  } catch (error) {
    const tooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return bounded(message, tooLong ? frameFlags.oversize : frameFlags.badJson)
  }
}

/** gzip (RFC 1952) or zlib (RFC 1950). */
function isPacked(bytes: Buffer): boolean {
  if (bytes.length < 2) return false
  const [first, second] = [bytes[0]!, bytes[1]!]
  return (first === 0x1f && second === 0x8b) || ((first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0)
}
