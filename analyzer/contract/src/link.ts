import { z } from 'zod'
import { rejectReasonSchema } from './ledger.ts'
import { saidSchema } from './sentence.ts'
import { sourceIdSchema, sourceSchema } from './source-config.ts'
import { trialResultSchema } from './trial.ts'

/**
 * The link from collector to analyzer, HTTP on a port of its own, authenticated by `authorization: Bearer <link secret>`.
 *
 * `POST /link/v1/batches` carries NDJSON (`content-type: application/x-ndjson`, optionally `content-encoding: gzip`), one flat event a line,
 * and a `BatchHeader` as JSON in the header `x-vonggac-batch`. The answer is a `BatchReceipt`, given when the batch is stored, evaluated and
 * its alerts are written. The collector repeats a batch until it gets one, always with the same boundaries, so that
 * the analyzer can tell a repeat by them: batches of one collector arrive in the order of their positions, which never come again, also
 * when the collector's folder was lost (a new journal begins at the microseconds of its making).
 *
 * `POST /link/v1/counters` carries `CollectorCounters` every few seconds: what never became a journal entry or is not yet forwarded. The answer is a
 * `CountersReceipt`; where it names another version of the assignment than the collector has, the collector asks for it by
 * `GET /link/v1/assignment`: the sources that were registered in the console. It keeps the last one, and so knows them also while the analyzer is away.
 *
 * `GET /link/v1/trials` waits until somebody tries a parser out, `trialLimits.pollSeconds` at most, and is answered with a `TrialOrder`, or with 204 and
 * nothing; the collector has `trialLimits.seconds` for it, and posts the `TrialAnswer` to `/link/v1/trials/<id>`. Then it asks again.
 *
 * `POST /link/v1/certificate` carries a `CertificateRequest` of a collector and is answered with a `CertificateGrant` of the platform's own authority.
 */
export const linkPaths = {
  batches: '/link/v1/batches',
  counters: '/link/v1/counters',
  assignment: '/link/v1/assignment',
  certificate: '/link/v1/certificate',
  trials: '/link/v1/trials',
} as const
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

/** Names the version of an assignment before there is any. */
export const noAssignment = 'none'

/** Totals since the collector's data folder was made, and its present state. */
export const collectorCountersSchema = z.object({
  collector: collectorNameSchema,
  at: z.iso.datetime(),
  /** Journal positions: next to be written, next to be acknowledged. */
  journaled: z.int().nonnegative(),
  acknowledged: z.int().nonnegative(),
  journalBytes: z.int().nonnegative(),
  /** The assignment that it works by, and what of it it cannot use: sentences for people. */
  assignment: z.string().default(noAssignment),
  trouble: z
    .array(z.object({ source: z.string(), message: z.string().max(1_000), said: saidSchema.optional() }))
    .max(1_000)
    .default([]),
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

export const countersReceiptSchema = z.object({ assignment: z.string() })
export type CountersReceipt = z.infer<typeof countersReceiptSchema>

/** SHA-256, base64url: the collector recognises a token and cannot tell it. */
const tokenDigestSchema = z.string().regex(/^[\w-]{43}$/)

/** What the console tells every collector. A part that a collector cannot use is left out and reported as trouble; the rest works. */
export const assignmentSchema = z.object({
  version: z.string().min(1).max(100),
  sources: z.array(sourceSchema).max(10_000),
  /** Of `sources`: known, and turned away. */
  paused: z.array(sourceIdSchema).max(10_000).default([]),
  /** HTTP senders are recognised by them; a source has two while its token is exchanged. */
  tokens: z.array(z.object({ source: sourceIdSchema, digest: tokenDigestSchema })).max(20_000),
  /** Serial numbers, hexadecimal, of client certificates that count no more. */
  revoked: z.array(z.string().max(64)).max(100_000).default([]),
  /** Networks of monitored systems: events of an agency are marked by its own. `system` is the system's id. */
  networks: z
    .array(z.object({ network: z.string().max(50), system: z.string().max(100), agency: z.string().max(63), name: z.string().max(200) }))
    .max(100_000)
    .default([]),
  /** Parsers that agencies wrote: the text of a `parser.yml`. */
  parsers: z.array(z.object({ name: z.string().max(63), yaml: z.string().max(262_144) })).max(1_000),
})
export type Assignment = z.infer<typeof assignmentSchema>

export const trialLimits = { pollSeconds: 20, seconds: 10, results: 10 } as const
const sampled = { id: z.string().min(1).max(100), lines: z.array(z.string()).max(200), framing: z.enum(['syslog', 'plain']) }
/** `try`: what a parser, by its text, makes of lines. `detect`: which of the product's parsers and of these read them. */
export const trialOrderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('try'), ...sampled, yaml: z.string() }),
  z.object({ kind: z.literal('detect'), ...sampled, parsers: assignmentSchema.shape.parsers }),
])
export type TrialOrder = z.infer<typeof trialOrderSchema>
/** The best first; `failed` where the collector could not do it, with a sentence. */
export const trialAnswerSchema = z.object({
  results: z.array(trialResultSchema).max(trialLimits.results),
  failed: saidSchema.optional(),
})
export type TrialAnswer = z.infer<typeof trialAnswerSchema>

/** PEM of a PKCS #10 request that names the addresses that senders use. */
export const certificateRequestSchema = z.strictObject({ request: z.string().max(20_000) })
/** PEM: the collector's certificate, and the authority that its senders are to trust and that theirs are of. */
export const certificateGrantSchema = z.object({ certificate: z.string(), authority: z.string() })
export type CertificateGrant = z.infer<typeof certificateGrantSchema>

/** A batch as it crosses threads and enters the event store. `bytes` is NDJSON, one event a line, each line ended by LF. */
export interface EventBatch {
  readonly collector: string
  readonly first: number
  readonly last: number
  readonly count: number
  readonly bytes: Uint8Array
}
