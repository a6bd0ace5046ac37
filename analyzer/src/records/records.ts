import { say, VonggacError, type Scope } from '@vonggac/contract'
import type { AuditAction, AuditRecorder } from '../audit/recorder.ts'
import { toWrite, type DocumentStore, type Kind, type Versioned } from '../storage/document-store.ts'

/** Throws `not-found` for a record that does not exist in the scope. */
export async function readRecord<T>(documents: DocumentStore, scope: Scope, kind: Kind<T>, id: string): Promise<T> {
  return (await readVersioned(documents, scope, kind, id)).value
}

async function readVersioned<T>(documents: DocumentStore, scope: Scope, kind: Kind<T>, id: string): Promise<Versioned<T>> {
  const found = await documents.read(scope, kind, id)
  if (!found) throw new VonggacError('not-found', say('record-unknown', { kind: kind.name, id }))
  return found
}

/** A write by a machine between our read and our write is no reason to refuse a person's change: it is made again on the newer record. */
const maxTries = 50

export interface RecordDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
}

/**
 * Makes a person's change and its entry in the audit chain, both or neither. A record's own `version` counts these alone, so `expected` (the version that the person saw; undefined when it does not matter) conflicts with another
 * person's change and not with what machines wrote meanwhile. `change` and `action` may be called several times.
 */
export async function changeRecord<T extends { readonly version: number }>(
  { documents, audit }: RecordDeps,
  scope: Scope,
  kind: Kind<T>,
  id: string,
  expected: number | undefined,
  change: (record: T) => T,
  action: (after: T, before: T) => AuditAction,
): Promise<{ readonly before: T; readonly after: T }> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const { value: before, version } = await readVersioned(documents, scope, kind, id)
    if (expected !== undefined && before.version !== expected) {
      throw new VonggacError('conflict', say('record-changed', { kind: kind.name }))
    }
    const after = { ...change(before), version: before.version + 1 }
    const [result] = await audit.change(scope, [toWrite(kind, id, after, version)], action(after, before))
    if (result && 'version' in result) return { before, after }
  }
  throw new VonggacError('busy', say('record-busy', { kind: kind.name }))
}
