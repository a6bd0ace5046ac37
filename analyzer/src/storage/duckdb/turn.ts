/** Work that must not run beside other work of the same kind: one at a time, in the order in which it was asked for. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Nobody has it or waits for it. */
  get free(): boolean {
    return this.#waiting === 0
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++
    const result = this.#last.then(work).finally(() => this.#waiting--)
    this.#last = result.catch(() => undefined)
    return result
  }
}
