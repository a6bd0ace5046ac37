import { say, VonggacError } from '@vonggac/contract'

/** Lets a few in at a time; more wait in line, and where the line is long, are turned away with `busy`. */
export class Gate {
  readonly #places: number
  readonly #longest: number
  #line: (() => void)[] = []
  #inside = 0

  constructor(places: number, longest: number) {
    this.#places = places
    this.#longest = longest
  }

  /** Throws the signal's reason to whoever gives up in line; what is inside has to mind the signal itself. */
  async pass<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    if (this.#inside >= this.#places) await this.#wait(signal)
    else this.#inside++
    try {
      return await work()
    } finally {
      const next = this.#line.shift()
      if (next === undefined) this.#inside--
      else next()
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#line.length >= this.#longest) throw new VonggacError('busy', say('searches-too-many'))
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#line = this.#line.filter((other) => other !== enter)
        reject(signal?.reason)
      }
      this.#line.push(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }
}
