/** What a look-up gave, by text, for texts that come again and again. Bounded: in two halves, of which the older is let go when the younger is full. */
export class Remembered<Found> {
  readonly #half: number
  #young = new Map<string, Found>()
  #old = new Map<string, Found>()

  constructor(most: number) {
    this.#half = Math.ceil(most / 2)
  }

  get(key: string, find: (key: string) => Found): Found {
    const young = this.#young.get(key)
    if (young !== undefined || this.#young.has(key)) return young as Found
    const found = this.#old.has(key) ? (this.#old.get(key) as Found) : find(key)
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    // A text cut out of a frame would keep all of the frame's text alive.
    this.#young.set(Buffer.from(key, 'utf8').toString('utf8'), found)
    return found
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
