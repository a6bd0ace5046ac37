import { z } from 'zod'
import { agencyIdSchema } from './scope.ts'
import { saidSchema } from './sentence.ts'

/** Events of an agency and a dataset (either may be left open) that stay whatever their age, for a court or an investigation. */
export const holdDraftSchema = z.strictObject({
  agency: agencyIdSchema.optional(),
  dataset: z.string().trim().min(1).max(100).optional(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string().trim().min(1).max(1_000),
  /** Number of the case that it is for. */
  case: z.string().max(50).optional(),
})
export type HoldDraft = z.infer<typeof holdDraftSchema>

export const holdSchema = holdDraftSchema.extend({ id: z.string(), placedBy: z.string(), placedAt: z.iso.datetime() })
export type Hold = z.infer<typeof holdSchema>

export const storeStateSchema = z.enum(['ready', 'degraded', 'failed'])

/** A back-up, or a check of every file against its checksum: one runs at a time. */
export const storageJobSchema = z.object({
  kind: z.enum(['back-up', 'check']),
  state: z.enum(['running', 'done', 'failed']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  startedBy: z.string(),
  /** 0 to 1. */
  progress: z.number(),
  /** Where the back-up went, or what is damaged: sentences for people. */
  notes: z.array(saidSchema),
})
export type StorageJob = z.infer<typeof storageJobSchema>

export const storageSchema = z.object({
  engine: z.enum(['embedded', 'elasticsearch']),
  state: storeStateSchema,
  /** What is wrong and what to do; empty when nothing is. */
  detail: saidSchema,
  events: z.int(),
  bytes: z.int(),
  oldest: z.iso.datetime().optional(),
  newest: z.iso.datetime().optional(),
  disk: z.object({ freeBytes: z.int(), budgetBytes: z.int().optional(), daysLeft: z.number().optional() }).optional(),
  parts: z.array(z.object({ name: z.string(), events: z.int(), bytes: z.int(), state: storeStateSchema, detail: saidSchema.optional() })),
  /** Of the documents: alerts, cases, users, audit. */
  documents: z.object({ engine: z.enum(['embedded', 'elasticsearch']), state: storeStateSchema, detail: saidSchema }),
  retention: z.object({
    days: z.int(),
    exceptions: z.array(z.object({ agency: z.string().optional(), dataset: z.string().optional(), days: z.int() })),
    last: z.object({ at: z.iso.datetime(), events: z.int(), bytes: z.int() }).optional(),
    /** What is wrong with it, such as a clock that cannot be trusted, so that nothing is deleted; it is part of `detail` as well. */
    note: saidSchema.optional(),
  }),
  holds: z.array(holdSchema),
  /** The newest first, a few. */
  jobs: z.array(storageJobSchema),
  /** What the engine cannot do, such as back-ups of Elasticsearch, which are its own. */
  able: z.object({ backup: z.boolean(), check: z.boolean() }),
})
export type Storage = z.infer<typeof storageSchema>
