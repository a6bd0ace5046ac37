import { z } from 'zod'

/** One change by a person or a machine. Each entry carries the hash of the one before it, per agency. */
export const auditEntrySchema = z.object({
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  agency: z.string(),
  actor: z.string(),
  /** `alert.change`, `case.create`, `session.sign-in` … */
  action: z.string(),
  /** The record that was changed: `case/01J…`. */
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

export const auditVerdictSchema = z.object({ agency: z.string(), entries: z.int(), intact: z.boolean(), brokenAt: z.int().nullable() })
