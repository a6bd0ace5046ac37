import { VonggacError, type Scope } from '@vonggac/contract'
import { toWrite, type DocumentStore, type Kind } from '../storage/document-store.ts'

/** Throws `not-found` for a record that does not exist in the scope. */
export async function readRecord<T>(documents: DocumentStore, scope: Scope, kind: Kind<T>, id: string): Promise<T> {
  const found = await documents.read(scope, kind, id)
  if (!found) throw new VonggacError('not-found', `There is no ${kind.name} ${id}, or it belongs to another agency.`)
  return found.value
}

/** A write by a machine between our read and our write is no reason to refuse a person's change: it is made again on the newer record. */
const maxTries = 50

/**
 * Makes a person's change. A record's own `version` counts these alone, so `expected` (the version that the person saw; undefined when it does not matter) conflicts with another
 * person's change and not with what machines wrote meanwhile. `change` may be called several times.
 */
export async function changeRecord<T extends { readonly version: number }>(
  documents: DocumentStore,
  scope: Scope,
  kind: Kind<T>,
  id: string,
  expected: number | undefined,
  change: (record: T) => T,
): Promise<{ readonly before: T; readonly after: T }> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const found = await documents.read(scope, kind, id)
    if (!found) throw new VonggacError('not-found', `There is no ${kind.name} ${id}, or it belongs to another agency.`)
    const before = found.value
    if (expected !== undefined && before.version !== expected) {
      throw new VonggacError('conflict', `Somebody changed the ${kind.name} in the meantime; look at it again, then repeat the change.`)
    }
    const after = { ...change(before), version: before.version + 1 }
    const [result] = await documents.writeAll(scope, [toWrite(kind, id, after, found.version)])
    if (result && 'version' in result) return { before, after }
  }
  throw new VonggacError('busy', `The ${kind.name} is being changed all the time; try again.`)
}
