import { frameFlags } from '../../frame.ts'
import type { FrameCutter, TakeFrame } from '../stream/one-way.ts'

/** Splits a stream at its NULs, keeping no more than `limit` bytes of a message; what is longer is cut there and flagged `oversize`. */
export class NulSplitter implements FrameCutter {
  readonly #limit: number
  readonly #take: TakeFrame
  #held: Buffer[] = []
  #length = 0
  #cut = false

  constructor(limit: number, take: TakeFrame) {
    this.#limit = limit
    this.#take = take
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const end = chunk.indexOf(0, at)
      const part = chunk.subarray(at, end < 0 ? chunk.length : end)
      at += part.length + 1
      if (end < 0) this.#hold(Buffer.from(part))
      else {
        this.#hold(part)
        this.end()
      }
    }
  }

  /** What is held is a message. */
  end(): void {
    const message = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    if (this.#length > 0) this.#take(message, this.#cut ? frameFlags.oversize : 0)
    this.#held = []
    this.#length = 0
    this.#cut = false
  }

  #hold(part: Buffer): void {
    const room = this.#limit - this.#length
    if (part.length > room) this.#cut = true
    if (room === 0 || part.length === 0) return
    this.#held.push(part.subarray(0, room))
    this.#length += Math.min(part.length, room)
  }
}
