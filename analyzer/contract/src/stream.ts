import { z } from 'zod'
import { alertSchema } from './alert.ts'
import { caseSchema } from './case.ts'

/** Server-sent events of `GET /api/stream`: the event's name is `type`, its data the JSON of the rest. Only what the session's scope covers. */
export const streamMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alert'), alert: alertSchema }),
  z.object({ type: z.literal('case'), case: caseSchema }),
  /** Sources' counts changed; fetch them when they are on screen. At most one a second. */
  z.object({ type: z.literal('ledger') }),
  z.object({ type: z.literal('rules') }),
  /** To a client that comes back: it may have missed messages, so whatever is on screen is to be fetched anew. */
  z.object({ type: z.literal('refetch') }),
])
export type StreamMessage = z.infer<typeof streamMessageSchema>
