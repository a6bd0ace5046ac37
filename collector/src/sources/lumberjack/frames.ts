/**
 * The frames of Lumberjack 2 (go-lumber; logstash-input-beats, PROTOCOL.md), all numbers big-endian:
 *
 *     2W | count u32                       a window of so many events begins
 *     2J | sequence u32 | length u32 | JSON
 *     2D | sequence u32 | pairs u32 | (length u32 | key | length u32 | value)…     of Lumberjack 1, as Logstash's output writes it
 *     2C | length u32 | zlib of frames
 *     2A | sequence u32                    the answer
 *
 * Versions 1 and 2 are read. What a frame says of its length is bounded, so is what a packed frame unpacks to; it is unpacked as a stream, an event at a time.
 */
export type LumberjackFrame =
  | { readonly kind: 'window'; readonly count: number }
  | { readonly kind: 'event'; readonly sequence: number; readonly data: Buffer; readonly oversize: boolean }
  | { readonly kind: 'packed'; readonly data: Buffer }

/** The stream is no Lumberjack, or no longer. */
export class LumberjackError extends Error {}

export interface LumberjackLimits {
  /** A longer event is cut there. */
  readonly eventBytes: number
  /** A longer packed frame is refused. */
  readonly packedBytes: number
}

const [versionOne, versionTwo] = [0x31, 0x32]
const [window, json, packed, pairs] = [0x57, 0x4a, 0x43, 0x44]
const mostPairs = 1_000
/** An event that claims more is noise, not long. */
const longestEvent = 64 * 1024 * 1024
const mostEventsInWindow = 1_000_000

/** Reads frames from pieces of a stream. It keeps no more than one frame within its limits. */
export class LumberjackReader {
  readonly #limits: LumberjackLimits
  #held: Buffer = Buffer.alloc(0)
  /** How many bytes are needed before it makes sense to look again. */
  #needed = 0
  #skip = 0
  #pieces: Buffer[] = []
  #waiting = 0

  constructor(limits: LumberjackLimits) {
    this.#limits = limits
  }

  /** Whether a frame has begun and is not complete. */
  get isWithinFrame(): boolean {
    return this.#held.length + this.#waiting + this.#skip > 0
  }

  /** The frames that the piece completes. @throws LumberjackError */
  *read(piece: Buffer): Generator<LumberjackFrame> {
    const skipped = Math.min(this.#skip, piece.length)
    this.#skip -= skipped
    this.#append(piece.subarray(skipped))
    let at = 0
    while (this.#held.length - at >= Math.max(2, this.#needed)) {
      const { frame, next, needed } = this.#frameAt(at)
      this.#needed = needed
      if (next === at) break
      at = next
      if (at > this.#held.length) {
        this.#skip = at - this.#held.length
        at = this.#held.length
      }
      if (frame) yield frame
    }
    this.#held = this.#held.subarray(at)
  }

  /** Pieces are put together only when they may be a frame: one that comes byte by byte costs no more than its length. */
  #append(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#waiting += piece.length
    if (this.#held.length + this.#waiting < this.#needed) return
    this.#held = Buffer.concat([this.#held, ...this.#pieces])
    this.#pieces = []
    this.#waiting = 0
  }

  #frameAt(at: number): { readonly frame?: LumberjackFrame; readonly next: number; readonly needed: number } {
    const bytes = this.#held
    const more = (needed: number) => ({ next: at, needed })
    const [version, kind] = [bytes[at]!, bytes[at + 1]!]
    if (version !== versionOne && version !== versionTwo) throw new LumberjackError('a frame does not begin with a version')
    if (bytes.length - at < 6) return more(6)
    const number = bytes.readUInt32BE(at + 2)
    if (kind === window) {
      if (number > mostEventsInWindow) throw new LumberjackError(`a window of ${number} events is too large`)
      return { frame: { kind: 'window', count: number }, next: at + 6, needed: 0 }
    }
    if (kind === packed) {
      if (number > this.#limits.packedBytes) throw new LumberjackError(`a packed frame of ${number} bytes is too long`)
      const end = at + 6 + number
      if (bytes.length < end) return more(6 + number)
      return { frame: { kind: 'packed', data: Buffer.from(bytes.subarray(at + 6, end)) }, next: end, needed: 0 }
    }
    if (kind !== json && kind !== pairs) throw new LumberjackError(`there is no frame of kind ${kind}`)
    if (bytes.length - at < 10) return more(10)
    return kind === json ? this.#eventAt(at, number) : this.#pairsAt(at, number)
  }

  #eventAt(at: number, sequence: number) {
    const length = this.#held.readUInt32BE(at + 6)
    if (length > longestEvent) throw new LumberjackError(`an event of ${length} bytes is too long`)
    const kept = Math.min(length, this.#limits.eventBytes)
    const start = at + 10
    if (this.#held.length < start + kept) return { next: at, needed: 10 + kept }
    const data = Buffer.from(this.#held.subarray(start, start + kept))
    return { frame: { kind: 'event', sequence, data, oversize: kept < length } as const, next: start + length, needed: 0 }
  }

  #pairsAt(at: number, sequence: number) {
    const count = this.#held.readUInt32BE(at + 6)
    if (count > mostPairs) throw new LumberjackError(`an event of ${count} fields is too long`)
    const said: string[] = []
    let end = at + 10
    for (let index = 0; index < count * 2; index++) {
      if (this.#held.length < end + 4) return { next: at, needed: end + 4 - at }
      const length = this.#held.readUInt32BE(end)
      if (end - at + length > this.#limits.eventBytes) throw new LumberjackError('an event of fields is too long')
      if (this.#held.length < end + 4 + length) return { next: at, needed: end + 4 + length - at }
      said.push(this.#held.toString('utf8', end + 4, end + 4 + length))
      end += 4 + length
    }
    const fields = Object.fromEntries(Array.from({ length: count }, (_, index) => [said[index * 2]!, said[index * 2 + 1]!]))
    return { frame: { kind: 'event', sequence, data: Buffer.from(JSON.stringify(fields)), oversize: false } as const, next: end, needed: 0 }
  }
}

export function acknowledgement(sequence: number): Buffer {
  const bytes = Buffer.from('2A\0\0\0\0', 'latin1')
  bytes.writeUInt32BE(sequence, 2)
  return bytes
}
