import { z } from 'zod'
import type { Kind } from '../storage/document-store.ts'

const checkpointSchema = z.object({
  agency: z.string(),
  /** Receive times: events from `begin` on are copied and verified up to `next`; `end` is behind the last. */
  begin: z.iso.datetime(),
  next: z.iso.datetime(),
  end: z.iso.datetime(),
  events: z.int(),
  /** The audit chain of the store that is left has the move. */
  recorded: z.boolean().optional(),
  /** The highest position copied, by collector. */
  highest: z.record(z.string(), z.int()),
})
/** How far a move is, kept with the documents of the store that is left. */
export type Checkpoint = z.infer<typeof checkpointSchema>

/** Its id is the name of the target. */
export const checkpointKind: Kind<Checkpoint> = { name: 'migration', schema: checkpointSchema, agency: ({ agency }) => agency, index: {} }
