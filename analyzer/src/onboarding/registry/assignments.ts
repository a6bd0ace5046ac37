import { createHash } from 'node:crypto'
import { noAssignment, type Assignment } from '@vonggac/contract'

type Content = Omit<Assignment, 'version'>

/** What the collectors are told of sources, tokens and parsers (contract: link.ts). The version is a digest: the same content has the same one. */
export class Assignments {
  #current: Assignment = { version: noAssignment, sources: [], paused: [], tokens: [], revoked: [], networks: [], parsers: [] }

  get current(): Assignment {
    return this.#current
  }

  replace(content: Content): void {
    const version = createHash('sha256').update(JSON.stringify(content)).digest('base64url')
    this.#current = { version, ...content }
  }
}
