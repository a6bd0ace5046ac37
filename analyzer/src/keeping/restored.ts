import { isDeepStrictEqual } from 'node:util'
import { systemScope, type AgencyId } from '@vonggac/contract'
import { chainOf, type AuditRecorder } from '../audit/index.ts'
import { readRestoredNote, removeRestoredNote, type DocumentStore } from '../storage/index.ts'

export interface RestoredDeps {
  readonly dataFolder: string
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly operator: AgencyId
}

const action = 'storage.restore'

/** What was restored since the last start goes into the restored audit chain, before anything else does: whoever opens the stores first calls it. */
export async function recordRestore({ dataFolder, documents, audit, operator }: RestoredDeps): Promise<void> {
  const note = await readRestoredNote(dataFolder)
  if (note === undefined) return
  // The chain may have it from a start that ended before the note was taken away.
  const [last] = await documents.entries(chainOf(operator), { before: Number.MAX_SAFE_INTEGER, limit: 1 })
  const isRecorded = last?.entry.action === action && isDeepStrictEqual(last.entry.detail, note)
  if (!isRecorded) await audit.record(systemScope('command'), { agency: operator, action, subject: 'storage/embedded', detail: note })
  await removeRestoredNote(dataFolder)
}
