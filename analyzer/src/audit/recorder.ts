import type { AgencyId, Scope } from '@vonggac/contract'

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
}
