import { createHash } from 'node:crypto'
import { noAssignment, type Assignment } from '@vonggac/contract'
import type { Clock } from '../../platform/clock.ts'

type Content = Omit<Assignment, 'version'>

/** What the collectors are told of sources, tokens and parsers (contract: link.ts). The version is a digest: the same content has the same one. */
export class Assignments {
  readonly #clock: Clock
  #current: Assignment = { version: noAssignment, sources: [], paused: [], tokens: [], revoked: [], networks: [], parsers: [] }
  #since: Date

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  get current(): Assignment {
    return this.#current
  }

  /** Since when collectors are told the current one. */
  get since(): Date {
    return this.#since
  }

  replace(content: Content): void {
    const version = createHash('sha256').update(JSON.stringify(content)).digest('base64url')
    if (version !== this.#current.version) this.#since = this.#clock.now()
    this.#current = { version, ...content }
  }
}
