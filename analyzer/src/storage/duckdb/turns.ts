/** Segments are looked at in turns of so many milliseconds: a thousand rules on a thousand segments take long. */
const turnMs = 20

/** Long work on the one thread that answers everybody. */
export class Turns {
  #started = performance.now()

  /** Lets others work when a turn is over; undefined, and so nothing to wait for, while it is not. */
  next(): Promise<void> | undefined {
    if (performance.now() - this.#started < turnMs) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        this.#started = performance.now()
        resolve()
      }),
    )
  }
}
