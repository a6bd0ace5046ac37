import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { auditEntrySchema, type AgencyId, type AuditEntry } from '@vonggac/contract'
import { z } from 'zod'
import type { DocumentStore, Sequenced, Series } from '../storage/index.ts'
import { canonicalJson } from './canonical.ts'
import { readHead } from './head.ts'

/**
 * The audit chain of an agency: a series whose entries each carry
 *
 *   hash = SHA-256 (hex) of the canonical JSON of the entry without `hash`, which includes `previousHash`, the hash of the entry before
 *
 * so an entry that is changed, taken out, put in or moved breaks every hash behind it. A chain's last entries have nothing behind them:
 * that they are still there is told by the chain's head (head.ts), kept apart from the series.
 */
export function chainOf(agency: AgencyId): Series<AuditEntry> {
  return { name: `audit/${agency}`, schema: auditEntrySchema }
}

/** For checking: an entry that is no entry any more is a broken chain, not a store that fails. */
function asStored(agency: AgencyId): Series<unknown> {
  return { name: chainOf(agency).name, schema: z.unknown() }
}

/** `previousHash` of a chain's first entry. */
export const genesisHash = '0'.repeat(64)

export type Unlinked = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>

/** The entry as it follows the last one. */
export function link(last: Sequenced<AuditEntry> | undefined, content: Unlinked): AuditEntry {
  const entry = { ...content, sequence: (last?.sequence ?? 0) + 1, previousHash: last?.entry.hash ?? genesisHash }
  return { ...entry, hash: hashOf(entry) }
}

export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, agency, actor, action, subject, detail, previousHash } = entry
  return createHash('sha256').update(canonicalJson({ sequence, at, agency, actor, action, subject, detail, previousHash })).digest('hex')
}

export interface Verdict {
  readonly entries: number
  /** The first sequence where the chain does not hold; null when it is whole. */
  readonly brokenAt: number | null
}

const pageSize = 500

/** Walks the whole chain, up to the head that was noted before the walk began. */
export async function verifyChain(documents: DocumentStore, agency: AgencyId): Promise<Verdict> {
  const head = await readHead(documents, agency)
  let previousHash = genesisHash
  let expected = 1
  let brokenAt: number | null = null
  let after = 0
  for (;;) {
    const page = await documents.entries(asStored(agency), { after, limit: pageSize })
    for (const { sequence, entry: stored } of page) {
      const entry = auditEntrySchema.safeParse(stored).data
      const whole =
        entry !== undefined &&
        sequence === expected &&
        entry.sequence === sequence &&
        entry.agency === agency &&
        entry.previousHash === previousHash &&
        entry.hash === hashOf(entry) &&
        (sequence !== head?.sequence || entry.hash === head.hash)
      if (!whole) brokenAt ??= expected
      previousHash = entry?.hash ?? ''
      expected = sequence + 1
      after = sequence
    }
    if (page.length < pageSize) break
    // A chain of years takes seconds: ingest and other people are let in between.
    await nextTurn()
  }
  if (head && expected <= head.sequence) brokenAt ??= expected
  return { entries: expected - 1, brokenAt }
}
