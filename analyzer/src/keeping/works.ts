import { say, VonggacError, type AgencyId, type Said, type StorageJob } from '@vonggac/contract'
import { isAbsolute } from 'node:path'
import { verifyChain } from '../audit/index.ts'
import type { Clock } from '../platform/clock.ts'
import { backUp, type DocumentStore, type EventStore, type Upkeep } from '../storage/index.ts'
import type { Progress } from '../storage/upkeep.ts'
import type { Work } from './jobs.ts'

export interface WorksDeps {
  readonly documents: DocumentStore
  readonly events: Pick<EventStore, 'health'>
  /** Every agency with an audit chain. */
  readonly chains: readonly AgencyId[]
  /** First the events, then the documents, which refer to them; of stores that are a server's, none. */
  readonly stores: readonly Upkeep[]
  /** Where back-ups go unless somebody names another folder. */
  readonly backupFolder: string
  readonly version: string
  readonly clock: Clock
}

/** What the stores of this installation can do for themselves. */
export function storageWorks(deps: WorksDeps): { readonly [Kind in StorageJob['kind']]?: Work } {
  if (deps.stores.length === 0) return {}
  return { check: (progress) => checkStores(deps, progress), 'back-up': (progress, folder) => backUpStores(deps, progress, folder) }
}

export async function checkStores(
  { stores, documents, chains }: Pick<WorksDeps, 'stores' | 'documents' | 'chains'>,
  progress: Progress,
): Promise<Awaited<ReturnType<Work>>> {
  const damage: Said[] = []
  for (const [n, store] of stores.entries()) {
    damage.push(...(await store.check((done) => progress((n + done) / (stores.length + 1)))))
  }
  for (const agency of chains) {
    const { brokenAt } = await verifyChain(documents, agency)
    if (brokenAt !== null) damage.push(say('audit-chain-broken', { agency, entry: brokenAt }))
  }
  return {
    failed: damage.length > 0,
    notes: damage.length > 0 ? damage : [say('check-sound')],
  }
}

export async function backUpStores(
  { stores, events, backupFolder, version, clock }: WorksDeps,
  progress: Progress,
  folder = backupFolder,
): Promise<Awaited<ReturnType<Work>>> {
  if (!isAbsolute(folder)) throw new VonggacError('invalid-request', `${folder} is no absolute path.`)
  const counted = (await events.health()).events
  const { files, notes } = await backUp(stores, { folder, version, now: () => clock.now(), events: counted, progress })
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const done = say('backed-up', { events: counted, folder, files: files.length, megabytes: Math.ceil(bytes / 1_000_000) })
  return { failed: notes.length > 0, notes: [done, ...notes] }
}
