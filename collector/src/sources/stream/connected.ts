import type { Intake } from '../intake.ts'

/** The sources that have sent through a connection: they count as connected while it is open. */
export class ConnectedSources {
  readonly #intake: Intake
  readonly #sources = new Set<string>()

  constructor(intake: Intake) {
    this.#intake = intake
  }

  add(source: string): void {
    if (this.#sources.has(source)) return
    this.#sources.add(source)
    this.#intake.connected(source, 1)
  }

  close(): void {
    for (const source of this.#sources) this.#intake.connected(source, -1)
    this.#sources.clear()
  }
}
