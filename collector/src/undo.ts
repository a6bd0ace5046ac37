/** What has been opened, closed in reverse order; once. */
export class Undo {
  #steps: (() => Promise<void>)[] = []

  add(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  async all(): Promise<void> {
    const steps = this.#steps.splice(0).toReversed()
    for (const step of steps) await step()
  }
}
