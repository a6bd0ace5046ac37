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

/** An entry as a reader is shown it. */
export const shownAuditEntrySchema = auditEntrySchema.extend({
  /** The record is marked beyond the reader's clearance: `subject` has its kind alone, and `detail` nothing. The hash is of the entry as it is kept. */
  withheld: z.literal(true).optional(),
})
export type ShownAuditEntry = z.infer<typeof shownAuditEntrySchema>

export const auditVerdictSchema = z.object({ agency: z.string(), entries: z.int(), intact: z.boolean(), brokenAt: z.int().nullable() })
