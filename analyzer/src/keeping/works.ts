import type { AgencyId, StorageJob } from '@vonggac/contract'
import { verifyChain } from '../audit/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { Progress, Upkeep } from '../storage/upkeep.ts'
import type { Work } from './jobs.ts'

export interface WorksDeps {
  readonly documents: DocumentStore
  /** Every agency with an audit chain. */
  readonly chains: readonly AgencyId[]
  /** Events and documents; of stores that are a server's, none. */
  readonly stores: readonly Pick<Upkeep, 'check'>[]
}

/** What the stores of this installation can do for themselves. */
export function storageWorks({ documents, chains, stores }: WorksDeps): { readonly [Kind in StorageJob['kind']]?: Work } {
  if (stores.length === 0) return {}
  return { check: (progress) => check(stores, documents, chains, progress) }
}

async function check(stores: readonly Pick<Upkeep, 'check'>[], documents: DocumentStore, chains: readonly AgencyId[], progress: Progress) {
  const damage: string[] = []
  for (const [n, store] of stores.entries()) {
    damage.push(...(await store.check((done) => progress((n + done) / (stores.length + 1)))))
  }
  for (const agency of chains) {
    const { brokenAt } = await verifyChain(documents, agency)
    if (brokenAt !== null) damage.push(`The audit chain of ${agency} is broken at entry ${brokenAt}: somebody changed what was recorded.`)
  }
  return {
    failed: damage.length > 0,
    notes: damage.length > 0 ? damage : ['Every file is as it was written, and every audit chain is whole.'],
  }
}
