import { z } from 'zod'
import { rejectReasonSchema } from './ledger.ts'

/**
 * The link from collector to analyzer, HTTP on a port of its own, authenticated by `authorization: Bearer <link secret>`.
 *
 * `POST /link/v1/batches` carries NDJSON (`content-type: application/x-ndjson`, optionally `content-encoding: gzip`), one flat event a line,
 * and a `BatchHeader` as JSON in the header `x-vonggac-batch`. The answer is a `BatchReceipt`, given when the batch is stored, evaluated and
 * its alerts are written. The collector repeats a batch until it gets one, always with the same boundaries, so that
 * the analyzer can tell a repeat by them: batches of one collector arrive in the order of their positions, which never come again, also
 * when the collector's folder was lost (a new journal begins at the microseconds of its making).
 *
 * `POST /link/v1/counters` carries `CollectorCounters` every few seconds: what never became a journal entry or is not yet forwarded.
 */
export const linkPaths = { batches: '/link/v1/batches', counters: '/link/v1/counters' } as const
export const batchHeaderName = 'x-vonggac-batch'

/** Bounds of a batch: whichever comes first ends it. A single event may exceed `bytes`. */
export const batchLimits = { events: 5_000, bytes: 4 * 1024 * 1024, bodyBytes: 24 * 1024 * 1024 } as const

export const collectorNameSchema = z
  .string()
  .regex(/^[a-z0-9]{1,16}$/, 'a collector name is 1 to 16 lower-case letters and digits')
  // Names are keys of records, where `constructor` is there before anybody puts it.
  .refine((name) => !(name in {}), 'this name is a word of the language that the platform is written in; choose another')

/** What the frames of a batch came to, per source and minute of receipt: journal positions `first`..`last` and nothing else. */
export const batchTallySchema = z.object({
  source: z.string(),
  agency: z.string(),
  minute: z.iso.datetime(),
  journaled: z.int().nonnegative(),
  rejected: z.partialRecord(rejectReasonSchema, z.int().positive()),
})
export type BatchTally = z.infer<typeof batchTallySchema>

export const batchHeaderSchema = z.object({
  collector: collectorNameSchema,
  /** Journal positions of the first and the last frame, inclusive; every frame gives exactly one event. */
  first: z.int().nonnegative(),
  last: z.int().nonnegative(),
  /** Lines of the body. */
  count: z.int().nonnegative(),
  tallies: z.array(batchTallySchema).max(10_000),
})
export type BatchHeader = z.infer<typeof batchHeaderSchema>

export const batchReceiptSchema = z.object({
  collector: z.string(),
  last: z.int().nonnegative(),
  /** Events that this request made durable; 0 for a repeat. */
  stored: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
})
export type BatchReceipt = z.infer<typeof batchReceiptSchema>

/** Totals since the collector's data folder was made, and its present state. */
export const collectorCountersSchema = z.object({
  collector: collectorNameSchema,
  at: z.iso.datetime(),
  /** Journal positions: next to be written, next to be acknowledged. */
  journaled: z.int().nonnegative(),
  acknowledged: z.int().nonnegative(),
  journalBytes: z.int().nonnegative(),
  /** Frames that arrived and never became durable, by source: a full disk, a refused connection, the kernel's UDP drops under `kernel-udp`. */
  dropped: z.array(z.object({ source: z.string(), reason: z.string(), count: z.int().nonnegative() })).max(10_000),
  sources: z
    .array(
      z.object({
        source: z.string(),
        agency: z.string(),
        received: z.int().nonnegative(),
        journaled: z.int().nonnegative(),
        forwarded: z.int().nonnegative(),
        lastReceived: z.iso.datetime().nullable(),
        connections: z.int().nonnegative(),
      }),
    )
    .max(10_000),
})
export type CollectorCounters = z.infer<typeof collectorCountersSchema>

/** A batch as it crosses threads and enters the event store. `bytes` is NDJSON, one event a line, each line ended by LF. */
export interface EventBatch {
  readonly collector: string
  readonly first: number
  readonly last: number
  readonly count: number
  readonly bytes: Uint8Array
}
