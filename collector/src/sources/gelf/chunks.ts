/**
 * Messages that come in chunks (GELF over UDP): `1e 0f | message id, 8 bytes | number u8 | count u8 | part`, up to 128 of them within five seconds.
 * A sender may leave messages open, so their number and their bytes are bounded: the oldest gives way.
 */
export type Chunked = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'waiting' | 'bad' }

export interface ChunkBounds {
  readonly messages: number
  readonly bytes: number
}

/** A message that is given up: its sender, and the part of it that came. */
export type GiveUp = (peer: string, part: Buffer, reason: 'chunks-missing' | 'chunks-overflow') => void

const [firstMagic, secondMagic] = [0x1e, 0x0f]
const headerBytes = 12
const mostChunks = 128
export const chunkPatienceMs = 5_000

interface OpenMessage {
  readonly peer: string
  readonly parts: (Buffer | undefined)[]
  readonly beganMs: number
  come: number
  bytes: number
}

export function isChunk(datagram: Buffer): boolean {
  return datagram[0] === firstMagic && datagram[1] === secondMagic
}

export class Chunks {
  readonly #bounds: ChunkBounds
  readonly #giveUp: GiveUp
  /** In the order in which they began. */
  readonly #open = new Map<string, OpenMessage>()
  #bytes = 0

  constructor(bounds: ChunkBounds, giveUp: GiveUp) {
    this.#bounds = bounds
    this.#giveUp = giveUp
  }

  get open(): number {
    return this.#open.size
  }

  /** Bytes of the messages that are open. */
  get bytes(): number {
    return this.#bytes
  }

  add(peer: string, datagram: Buffer, nowMs: number): Chunked {
    if (datagram.length < headerBytes) return { kind: 'bad' }
    const [number, count] = [datagram[10]!, datagram[11]!]
    if (count === 0 || count > mostChunks || number >= count) return { kind: 'bad' }
    const key = `${peer} ${datagram.toString('latin1', 2, 10)}`
    const message = this.#open.get(key) ?? { peer, parts: Array.from({ length: count }), beganMs: nowMs, come: 0, bytes: 0 }
    if (message.parts.length !== count) return { kind: 'bad' }
    // A datagram that the network doubled.
    if (message.parts[number]) return { kind: 'waiting' }
    const part = Buffer.from(datagram.subarray(headerBytes))
    message.parts[number] = part
    message.come++
    message.bytes += part.length
    this.#bytes += part.length
    this.#open.set(key, message)
    if (message.come === count) {
      this.#forget(key, message)
      return { kind: 'whole', bytes: Buffer.concat(message.parts as Buffer[]) }
    }
    this.#makeRoom()
    return { kind: 'waiting' }
  }

  /** Gives up what has waited for too long. */
  expire(nowMs: number): void {
    for (const [key, message] of this.#open) {
      if (nowMs - message.beganMs < chunkPatienceMs) return
      this.#abandon(key, message, 'chunks-missing')
    }
  }

  /** Gives up all. */
  close(): void {
    for (const [key, message] of this.#open) this.#abandon(key, message, 'chunks-missing')
  }

  #makeRoom(): void {
    for (const [key, message] of this.#open) {
      if (this.#open.size <= this.#bounds.messages && this.#bytes <= this.#bounds.bytes) return
      this.#abandon(key, message, 'chunks-overflow')
    }
  }

  #abandon(key: string, message: OpenMessage, reason: 'chunks-missing' | 'chunks-overflow'): void {
    this.#forget(key, message)
    this.#giveUp(
      message.peer,
      message.parts.find((part) => part !== undefined)!,
      reason,
    )
  }

  #forget(key: string, { bytes }: OpenMessage): void {
    this.#open.delete(key)
    this.#bytes -= bytes
  }
}
