import { say, VonggacError, type Scope } from '@vonggac/contract'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { Clock } from '../../platform/clock.ts'
import { changeRecord, readRecord } from '../../records/index.ts'
import type { DocumentStore } from '../../storage/document-store.ts'
import type { Registrations } from '../registry/registrations.ts'
import { registeredSourceKind, type KeptSource } from './kind.ts'

export interface SourceChangeDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly registrations: Registrations
}

/** Throws `not-found`, also for a source that was removed. */
export async function readSource({ documents }: Pick<SourceChangeDeps, 'documents'>, scope: Scope, id: string): Promise<KeptSource> {
  const source = await readRecord(documents, scope, registeredSourceKind, id)
  if (source.removed) throw new VonggacError('not-found', say('source-removed', { source: id }))
  return source
}

export interface SourceChange {
  /** The version that the person saw; undefined where a change by somebody else does not matter. */
  readonly version: number | undefined
  /** In the audit chain, with what is to be said of it: never a secret. */
  readonly action: string
  readonly detail: Readonly<Record<string, unknown>>
  /** May be called several times. */
  readonly how: (source: KeptSource, now: string) => KeptSource
}

/** Every change of a source goes this way: versioned, in the audit chain, and told to the collectors. */
export async function changeSource(deps: SourceChangeDeps, scope: Scope, id: string, change: SourceChange): Promise<KeptSource> {
  await readSource(deps, scope, id)
  const now = deps.clock.now().toISOString()
  const changed = (source: KeptSource): KeptSource => ({ ...change.how(source, now), updatedAt: now })
  const { after } = await changeRecord(deps, scope, registeredSourceKind, id, change.version, changed, ({ config }) => ({
    agency: config.agency,
    action: change.action,
    subject: `source/${id}`,
    detail: change.detail,
  }))
  await deps.registrations.reload()
  return after
}
