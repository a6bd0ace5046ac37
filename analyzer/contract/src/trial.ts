import { z } from 'zod'
import { saidSchema } from './sentence.ts'

/** What a parser makes of sampled lines. */
export const trialResultSchema = z.object({
  parser: z.string(),
  /** Why it cannot be used at all, with the line of its text. */
  mistake: z.string().optional(),
  /** The mistake with the codes by which a console says it in its reader's language. */
  said: saidSchema.optional(),
  read: z.int(),
  lines: z.int(),
  /** The event of each line, in order; those that it cannot read carry `error.code`. */
  events: z.array(z.record(z.string(), z.unknown())),
})
export type TrialResult = z.infer<typeof trialResultSchema>
