import { VonggacError, type Alert, type Scope } from '@vonggac/contract'
import { toWrite, type DocumentStore } from '../storage/document-store.ts'
import { alertKind } from './kind.ts'

/** Throws `not-found` for an alert that does not exist in the scope. */
export async function readAlert(documents: DocumentStore, scope: Scope, id: string): Promise<Alert> {
  const found = await documents.read(scope, alertKind, id)
  if (!found) throw new VonggacError('not-found', `There is no alert ${id}, or it belongs to another agency.`)
  return found.value
}

/** Hits that arrive between read and write are no reason to refuse a person's change: it is made again on the newer alert. */
const maxTries = 50

/**
 * Makes a person's change. `Alert.version` counts these alone, so `expected` (the version that the person saw) conflicts with another person's change
 * and not with hits that arrived meanwhile.
 */
export async function changeAlert(
  documents: DocumentStore,
  scope: Scope,
  id: string,
  expected: number | undefined,
  change: (alert: Alert) => Alert,
): Promise<{ readonly before: Alert; readonly after: Alert }> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const found = await documents.read(scope, alertKind, id)
    if (!found) throw new VonggacError('not-found', `There is no alert ${id}, or it belongs to another agency.`)
    const before = found.value
    if (expected !== undefined && before.version !== expected) {
      throw new VonggacError('conflict', 'Somebody changed the alert in the meantime; look at it again, then repeat the change.')
    }
    const after = { ...change(before), version: before.version + 1 }
    const [result] = await documents.writeAll(scope, [toWrite(alertKind, id, after, found.version)])
    if (result && 'version' in result) return { before, after }
  }
  throw new VonggacError('busy', 'The alert is being changed all the time; try again.')
}
