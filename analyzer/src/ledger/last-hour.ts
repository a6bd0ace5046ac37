import { addCounts, emptyCounts, type LedgerCounts, type Scope } from '@vonggac/contract'
import type { DocumentStore } from '../storage/document-store.ts'
import { ledgerHourKind } from './kind.ts'
import { lastSixty } from './status.ts'

const hourMs = 3_600_000

/** What a source's last sixty minutes came to. */
export async function lastHourOf(documents: DocumentStore, scope: Scope, source: string, now: Date): Promise<LedgerCounts> {
  const where = {
    all: [
      { field: 'source', test: { kind: 'equals', value: source, cased: true } },
      { field: 'hourMs', test: { kind: 'compare', operator: 'gt', value: now.getTime() - 2 * hourMs } },
    ],
  } as const
  const { items } = await documents.find(scope, ledgerHourKind, where, { orderBy: 'hourMs', direction: 'ascending', limit: 10 })
  const hours = items.map(({ value }) => value)
  return lastSixty(hours, now).reduce((sum, counts) => addCounts(sum, counts), emptyCounts())
}
