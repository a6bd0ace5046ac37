import type { AuditEntry, Scope } from '@vonggac/contract'
import type { Clock } from '../platform/index.ts'
import { toAppend, type DocumentStore, type WriteResult } from '../storage/document-store.ts'
import { chainOf, link } from './chain.ts'
import { HeadNotes } from './head.ts'
import type { AuditAction, AuditRecorder } from './recorder.ts'

/** Records into the chains of the document store. An entry is durable when `record` or `change` resolves. */
export function createAuditRecorder(documents: DocumentStore, clock: Clock): AuditRecorder {
  const heads = new HeadNotes(documents)

  async function change(
    scope: Scope,
    writes: Parameters<AuditRecorder['change']>[1],
    { agency, action, subject, detail }: AuditAction,
  ): Promise<readonly WriteResult[]> {
    const content = { at: clock.now().toISOString(), agency, actor: scope.actor, action, subject, detail: plain(detail) }
    let made: AuditEntry | undefined
    const entry = toAppend(chainOf(agency), (last) => (made = link(last, content)))
    const results = await documents.writeAll(scope, writes, [entry])
    if (made) await heads.note({ agency, sequence: made.sequence, hash: made.hash })
    return results
  }
  return {
    change,
    async record(scope, action) {
      await change(scope, [], action)
    },
  }
}

/** As it will be read back: what JSON drops must not be part of the hash. */
function plain(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(detail)) as Record<string, unknown>
}
