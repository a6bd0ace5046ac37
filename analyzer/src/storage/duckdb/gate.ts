import { VonggacError } from '@vonggac/contract'

/** Lets a few in at a time; more wait in line, and where the line is long, are turned away with `busy`. */
export class Gate {
  readonly #places: number
  readonly #longest: number
  readonly #line: (() => void)[] = []
  #inside = 0

  constructor(places: number, longest: number) {
    this.#places = places
    this.#longest = longest
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#places) await this.#wait()
    else this.#inside++
    try {
      return await work()
    } finally {
      const next = this.#line.shift()
      if (next === undefined) this.#inside--
      else next()
    }
  }

  #wait(): Promise<void> {
    if (this.#line.length >= this.#longest) throw new VonggacError('busy', 'Too many searches are running. Try again in a moment.')
    return new Promise((resolve) => this.#line.push(resolve))
  }
}
