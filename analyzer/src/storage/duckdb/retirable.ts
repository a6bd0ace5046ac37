/** Something that queries use and that is cleared away when it is retired and the last of them has ended. */
export class Retirable {
  #users = 0
  #clear: (() => void) | undefined

  use(): void {
    this.#users++
  }

  release(): void {
    this.#users--
    this.#clearUnused()
  }

  retire(clear: () => void): void {
    this.#clear = clear
    this.#clearUnused()
  }

  #clearUnused(): void {
    if (this.#users > 0 || this.#clear === undefined) return
    const clear = this.#clear
    this.#clear = undefined
    clear()
  }
}
