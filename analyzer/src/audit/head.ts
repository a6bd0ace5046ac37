import { systemScope, VonggacError, type AgencyId } from '@vonggac/contract'
import { z } from 'zod'
import type { DocumentStore, Kind, Versioned } from '../storage/index.ts'

/** How far an agency's chain reached when it was last written: without it, entries taken off its end would not be missed. */
const headSchema = z.object({ agency: z.string(), sequence: z.int().positive(), hash: z.string() })
export type Head = z.infer<typeof headSchema>

export const headKind: Kind<Head> = { name: 'audit-head', schema: headSchema, agency: (head) => head.agency, index: {} }
const scope = systemScope('audit')

export async function readHead(documents: DocumentStore, agency: AgencyId): Promise<Head | undefined> {
  return (await documents.read(scope, headKind, agency))?.value
}

/** Notes heads, each upon the one that this process noted last: it is mostly the latest, and then nothing has to be read. */
export class HeadNotes {
  readonly #documents: DocumentStore
  readonly #noted = new Map<AgencyId, Versioned<Head>>()

  constructor(documents: DocumentStore) {
    this.#documents = documents
  }

  /** Notes an entry as the chain's head, unless a later one is noted already. */
  async note(head: Head): Promise<void> {
    const { agency } = head
    for (let known = this.#noted.get(agency); ;) {
      if (known && known.value.sequence >= head.sequence) return
      try {
        const version = await this.#documents.write(scope, headKind, agency, head, known?.version ?? 'new')
        this.#noted.set(agency, { id: agency, value: head, version })
        return
      } catch (error) {
        // Somebody else noted theirs: compare again. Each round the noted head is higher.
        if (!(error instanceof VonggacError && (error.code === 'conflict' || error.code === 'already-exists'))) throw error
      }
      known = await this.#documents.read(scope, headKind, agency)
    }
  }
}
