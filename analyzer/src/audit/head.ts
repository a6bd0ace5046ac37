import { isVonggacError, systemScope, type AgencyId } from '@vonggac/contract'
import { z } from 'zod'
import type { DocumentStore, Kind, Version, Versioned } from '../storage/index.ts'

/** How far an agency's chain reached when it was last written: without it, entries taken off its end would not be missed. */
const headSchema = z.object({ agency: z.string(), sequence: z.int().positive(), hash: z.string() })
export type Head = z.infer<typeof headSchema>

export const headKind: Kind<Head> = { name: 'audit-head', schema: headSchema, agency: (head) => head.agency, index: {} }
const scope = systemScope('audit')

export async function readHead(documents: DocumentStore, agency: AgencyId): Promise<Head | undefined> {
  return (await documents.read(scope, headKind, agency))?.value
}

/**
 * Notes heads, each upon the one that this process noted last: it is mostly the latest, and then nothing has to be read. A chain has one note under way at a
 * time, and the next has the highest entry that there is by then: so of many entries that are made together few are written.
 */
export class HeadNotes {
  readonly #documents: DocumentStore
  readonly #noted = new Map<AgencyId, Versioned<Head>>()
  readonly #highest = new Map<AgencyId, Head>()
  readonly #turns = new Map<AgencyId, Promise<void>>()

  constructor(documents: DocumentStore) {
    this.#documents = documents
  }

  /** Resolves when the entry, or a later one, is noted as the chain's head. */
  note(head: Head): Promise<void> {
    const { agency, sequence } = head
    if (sequence > (this.#highest.get(agency)?.sequence ?? 0)) this.#highest.set(agency, head)
    const turn = (this.#turns.get(agency) ?? Promise.resolve()).then(() => this.#reach(agency, sequence))
    this.#turns.set(
      agency,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #reach(agency: AgencyId, sequence: number): Promise<void> {
    for (let known = this.#noted.get(agency); known === undefined || known.value.sequence < sequence;) {
      known = await this.#write(this.#highest.get(agency)!, known?.version ?? 'new')
      if (known) this.#noted.set(agency, known)
    }
  }

  /** What is noted then: where somebody else was faster, theirs. Each round it is higher. */
  async #write(head: Head, expected: Version | 'new'): Promise<Versioned<Head> | undefined> {
    const { agency } = head
    try {
      return { id: agency, value: head, version: await this.#documents.write(scope, headKind, agency, head, expected) }
    } catch (error) {
      if (!isVonggacError(error, 'conflict') && !isVonggacError(error, 'already-exists')) throw error
      return this.#documents.read(scope, headKind, agency)
    }
  }
}
