import type { DocumentStore } from '../storage/document-store.ts'
import type { AuditAction, AuditRecorder } from './recorder.ts'

/** A recorder that makes the changes and keeps their entries in a list, without a chain. */
export function listingAudit(documents: DocumentStore): { readonly audit: AuditRecorder; readonly audited: AuditAction[] } {
  const audited: AuditAction[] = []
  const audit: AuditRecorder = {
    record: async (_scope, action) => void audited.push(action),
    async change(scope, writes, action) {
      const results = await documents.writeAll(scope, writes)
      if (results.every((result) => 'version' in result)) audited.push(action)
      return results
    },
  }
  return { audit, audited }
}
