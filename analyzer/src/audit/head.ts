import { systemScope, VonggacError, type AgencyId } from '@vonggac/contract'
import { z } from 'zod'
import type { DocumentStore, Kind } from '../storage/index.ts'

/** How far an agency's chain reached when it was last written: without it, entries taken off its end would not be missed. */
const headSchema = z.object({ agency: z.string(), sequence: z.int().positive(), hash: z.string() })
export type Head = z.infer<typeof headSchema>

export const headKind: Kind<Head> = { name: 'audit-head', schema: headSchema, agency: (head) => head.agency, index: {} }
const scope = systemScope('audit')

export async function readHead(documents: DocumentStore, agency: AgencyId): Promise<Head | undefined> {
  return (await documents.read(scope, headKind, agency))?.value
}

/** Notes an entry as the chain's head, unless a later one is noted already. */
export async function noteHead(documents: DocumentStore, head: Head): Promise<void> {
  for (;;) {
    const known = await documents.read(scope, headKind, head.agency)
    if (known && known.value.sequence >= head.sequence) return
    try {
      await documents.write(scope, headKind, head.agency, head, known?.version ?? 'new')
      return
    } catch (error) {
      // Somebody noted theirs at the same moment: compare again. Each round the noted head is higher.
      if (!(error instanceof VonggacError && (error.code === 'conflict' || error.code === 'already-exists'))) throw error
    }
  }
}
