/** How much of what unknown senders post is kept: enough to see who it was, not enough to fill the disk. */
export const quarantineLimits = { bytesPerRequest: 64 * 1024, requestsPerMinute: 60, bytesPerMinute: 1024 * 1024 } as const

/** Counts what was kept in the present minute. */
export class Quarantine {
  readonly #now: () => number
  #minute = 0
  #requests = 0
  #bytes = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether a request of that many bytes may still be kept. */
  admit(bytes: number): boolean {
    const minute = Math.floor(this.#now() / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#requests = 0
      this.#bytes = 0
    }
    if (this.#requests >= quarantineLimits.requestsPerMinute || this.#bytes + bytes > quarantineLimits.bytesPerMinute) return false
    this.#requests++
    this.#bytes += bytes
    return true
  }
}
