import type { AgencyId, Scope } from '@vonggac/contract'
import type { Write, WriteResult } from '../storage/document-store.ts'

export interface AuditAction {
  readonly agency: AgencyId
  /** `alert.change`, `case.create`, `session.sign-in` … */
  readonly action: string
  /** `case/<id>`. */
  readonly subject: string
  /** What changed; never a secret. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** Adds an entry to the agency's hash-linked chain, in the name of the scope's actor. */
export interface AuditRecorder {
  record(scope: Scope, action: AuditAction): Promise<void>
  /** Makes the writes and the entry in one commit, so that no crash leaves one without the other; where a write conflicts, neither is made. */
  change(scope: Scope, writes: readonly Write[], action: AuditAction): Promise<readonly WriteResult[]>
}
