import { scopeCovers, VonggacError, type AgencyId, type AuditEntry, type Scope } from '@vonggac/contract'
import { z } from 'zod'
import type { Handlers } from '../platform/index.ts'
import type { DocumentStore, Kind } from '../storage/index.ts'
import { chainOf, verifyChain } from './chain.ts'
import { shownEntries } from './withheld.ts'

export interface AuditDependencies {
  readonly documents: DocumentStore
  /** Every agency of the installation, the operator among them. */
  readonly agencies: readonly AgencyId[]
  /** The kinds whose records have sharing labels; the subject of an entry is `<kind>/<id>`. */
  readonly labelled: readonly Kind<unknown>[]
}

/** Where the next page begins in each chain: only entries below it. A chain that is not named has nothing more. */
const cursorSchema = z.record(z.string(), z.int().positive())
type Cursor = z.infer<typeof cursorSchema>

export function auditHandlers({ documents, agencies, labelled }: AuditDependencies): Pick<Handlers, 'listAudit' | 'verifyAudit'> {
  const within = (scope: Scope, agency?: AgencyId) =>
    agencies.filter((id) => scopeCovers(scope, id) && (agency === undefined || id === agency))

  return {
    async listAudit({ query: { limit, after, agency } }, scope) {
      const cursor = after === undefined ? undefined : readCursor(after)
      const chains = within(scope, agency).filter((id) => cursor === undefined || cursor[id] !== undefined)
      const heads = await Promise.all(chains.map((id) => newest(documents, id, cursor?.[id], limit + 1)))
      const { items, next } = mergeNewest(heads, limit)
      return { items: await shownEntries(documents, labelled, scope, items), next }
    },

    async verifyAudit(_request, scope) {
      const items = []
      for (const agency of within(scope)) {
        const { entries, brokenAt } = await verifyChain(documents, agency)
        items.push({ agency, entries, intact: brokenAt === null, brokenAt })
      }
      return { items }
    },
  }
}

async function newest(documents: DocumentStore, agency: AgencyId, before: number | undefined, limit: number): Promise<AuditEntry[]> {
  const page = await documents.entries(chainOf(agency), { before: before ?? Number.MAX_SAFE_INTEGER, limit })
  return page.map(({ entry }) => entry)
}

/** One list of several chains, each newest first. A chain's own order always holds, whatever its clock did. */
function mergeNewest(chains: AuditEntry[][], limit: number): { items: AuditEntry[]; next: string | null } {
  const items: AuditEntry[] = []
  const taken = chains.map(() => 0)
  while (items.length < limit) {
    let best = -1
    for (const [index, chain] of chains.entries()) {
      const candidate = chain[taken[index]!]
      if (candidate && (best < 0 || candidate.at > chains[best]![taken[best]!]!.at)) best = index
    }
    if (best < 0) break
    items.push(chains[best]![taken[best]!++]!)
  }
  const next: Cursor = {}
  for (const [index, chain] of chains.entries()) {
    const upcoming = chain[taken[index]!]
    if (upcoming) next[upcoming.agency] = upcoming.sequence + 1
  }
  return { items, next: Object.keys(next).length === 0 ? null : Buffer.from(JSON.stringify(next)).toString('base64url') }
}

function readCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    throw new VonggacError('invalid-request', 'query.after is not the `next` of a page before.', { cause })
  }
}
