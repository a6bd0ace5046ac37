/** A sender whose connection broke comes again within it. */
const keptMs = 10 * 60_000
const mostKept = 100_000

/** A frame that was taken; without a name it can be no repeat. */
interface TakenFrame {
  readonly name?: string
  readonly position: number
}

/**
 * Frames whose answers never went out, because their connection broke before: their senders send them again. The next frame that equals one is
 * taken for it, once: so at least as many are kept as were answered. They are known by digests of sender and bytes, in memory, within bounds.
 */
export class UnansweredFrames {
  readonly #now: () => number
  /** By name, those that broke off first coming first. */
  readonly #kept = new Map<string, { brokeMs: number; readonly positions: number[] }>()
  /** Positions of all names. */
  #count = 0

  constructor(now: () => number) {
    this.#now = now
  }

  keep(frames: readonly TakenFrame[]): void {
    const brokeMs = this.#now()
    for (const { name, position } of frames) {
      if (name === undefined) continue
      const kept = this.#kept.get(name) ?? { brokeMs, positions: [] }
      kept.brokeMs = brokeMs
      kept.positions.push(position)
      this.#count++
      this.#kept.delete(name)
      this.#kept.set(name, kept)
    }
    for (const [oldest, kept] of this.#kept) {
      if (this.#count <= mostKept && brokeMs - kept.brokeMs < keptMs) return
      this.#kept.delete(oldest)
      this.#count -= kept.positions.length
    }
  }

  /** The position of the frame that one of the name repeats. */
  take(name: string): number | undefined {
    const kept = this.#kept.get(name)
    if (!kept) return undefined
    const position = kept.positions.shift()
    this.#count--
    if (kept.positions.length === 0) this.#kept.delete(name)
    return this.#now() - kept.brokeMs < keptMs ? position : undefined
  }
}
