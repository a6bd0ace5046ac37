import type { Scope } from '@vonggac/contract'
import type { Clock } from '../platform/index.ts'
import type { DocumentStore } from '../storage/index.ts'
import { chainOf, link } from './chain.ts'
import { noteHead } from './head.ts'
import type { AuditAction, AuditRecorder } from './recorder.ts'

/** Records into the chains of the document store. An entry is durable when `record` resolves. */
export function createAuditRecorder(documents: DocumentStore, clock: Clock): AuditRecorder {
  return {
    async record(scope: Scope, { agency, action, subject, detail }: AuditAction): Promise<void> {
      const content = { at: clock.now().toISOString(), agency, actor: scope.actor, action, subject, detail: plain(detail) }
      const { sequence, entry } = await documents.append(chainOf(agency), (last) => link(last, content))
      await noteHead(documents, { agency, sequence, hash: entry.hash })
    },
  }
}

/** As it will be read back: what JSON drops must not be part of the hash. */
function plain(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(detail)) as Record<string, unknown>
}
