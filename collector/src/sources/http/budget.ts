import { VonggacError } from '@vonggac/contract'

/** Bodies are held in memory until they are durable; this bounds all of them together. */
export class BodyBudget {
  readonly #most: number
  #used = 0

  constructor(most: number) {
    this.#most = most
  }

  /** @throws VonggacError busy */
  claim(bytes: number): void {
    if (this.#used + bytes > this.#most) {
      throw new VonggacError('busy', 'The collector holds too many unfinished requests: send the same request again in a few seconds.')
    }
    this.#used += bytes
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
