const shortest = 200

/** Pauses that double, with jitter, so that many collectors do not come back to an analyzer all at once. */
export class Backoff {
  readonly #longest: number
  readonly #random: () => number
  #step = 0

  /** @param longest milliseconds */
  constructor(longest: number, random: () => number = Math.random) {
    this.#longest = longest
    this.#random = random
  }

  /** Milliseconds to wait: between half and all of 200, 400, … up to the longest. */
  next(): number {
    const full = Math.min(this.#longest, shortest * 2 ** this.#step++)
    return full / 2 + (full / 2) * this.#random()
  }

  reset(): void {
    this.#step = 0
  }
}
