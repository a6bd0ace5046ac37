/** Lets loops sleep until something has changed; they look for themselves what it was. */
export class Signal {
  #waiters: (() => void)[] = []

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  notify(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}
