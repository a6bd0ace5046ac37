const shortest = 200
const longest = 15_000

/** Pauses that double, with jitter, so that many collectors do not come back to an analyzer all at once. */
export class Backoff {
  readonly #random: () => number
  #step = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** Milliseconds to wait: between half and all of 200, 400, … 15,000. */
  next(): number {
    const full = Math.min(longest, shortest * 2 ** this.#step++)
    return full / 2 + (full / 2) * this.#random()
  }

  reset(): void {
    this.#step = 0
  }
}
