/**
 * The file beside a segment, `<segment without .parquet>.sig`: what its parts can hold, how many events of them there are in each minute, and how
 * often some fields have which values.
 *
 *     <crc-32 of all that follows, 4 bytes> <bytes of the head, 4 bytes> <head: JSON> <bitmaps, one after another>
 *
 * Numbers are little-endian. Files of version 1 have neither `long` bitmaps nor counts of values. A segment without one, or with a damaged one, is read whenever its time and dataset fit.
 */
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { folded, signatureVersion, type Signature } from './signature.ts'
import type { ValueCounts } from './value-counts.ts'

/** Minutes since the epoch with the events in each, in pairs, one after another. */
const minutesSchema = z.array(z.int()).readonly()

const countsSchema = z.object({
  field: z.string(),
  texts: z.array(z.string()).readonly(),
  counts: z.array(z.int()).readonly(),
  minutes: z.array(z.array(z.int()).readonly()).readonly().nullable(),
  others: z.int(),
})

const partSchema = z.object({
  /** Null for events whose dataset or agency has no text of its own. */
  dataset: z.string().nullable(),
  agency: z.string().nullable(),
  events: z.int(),
  fields: z.array(z.string()).nullable(),
  /** Words of 32 bits of the bitmap; null where there is none. */
  grams: z.int().nullable(),
  values: z.int().nullable(),
  long: z.int().nullable().default(null),
  received: minutesSchema,
  /** By `@timestamp`; null where there are too many, and where an event has no such time. */
  occurred: minutesSchema.nullable(),
  counts: z.array(countsSchema).readonly().nullable().default(null),
})
const headSchema = z.object({ version: z.literal([1, signatureVersion]), parts: z.array(partSchema) })

export interface SegmentPart {
  readonly dataset: string | null
  readonly agency: string | null
  readonly events: number
  readonly received: readonly number[]
  readonly occurred: readonly number[] | null
  /** Of `countedFields`, those that have values; null where they are not known. */
  readonly counts: readonly ValueCounts[] | null
  readonly signature: Signature | undefined
}

export function signaturePath(segmentPath: string): string {
  return segmentPath.replace(/\.parquet$/, '.sig')
}

const [crcBytes, lengthBytes] = [4, 4]

export function writeSignatures(parts: readonly SegmentPart[]): Buffer {
  const bitmaps: Uint32Array[] = []
  const place = (bitmap: Uint32Array | undefined) => (bitmap === undefined ? null : bitmaps[bitmaps.push(folded(bitmap)) - 1]!.length)
  const described = parts.map(({ signature, ...part }) => ({
    ...part,
    fields: signature?.fields === undefined ? null : [...signature.fields],
    grams: place(signature?.grams),
    values: place(signature?.values),
    long: place(signature?.long),
  }))
  const head = Buffer.from(JSON.stringify({ version: signatureVersion, parts: described } satisfies z.input<typeof headSchema>))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(head.length)
  const content = Buffer.concat([
    length,
    head,
    ...bitmaps.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ])
  const crc = Buffer.alloc(crcBytes)
  crc.writeUInt32LE(crc32(content))
  return Buffer.concat([crc, content])
}

/** Undefined where the file is damaged, or of another version. */
export function readSignatures(file: Buffer): readonly SegmentPart[] | undefined {
  if (file.length < crcBytes + lengthBytes || crc32(file.subarray(crcBytes)) !== file.readUInt32LE(0)) return undefined
  const start = crcBytes + lengthBytes
  let at = start + file.readUInt32LE(crcBytes)
  const head = headSchema.safeParse(JSON.parse(file.toString('utf8', start, at)))
  if (!head.success) return undefined
  const bitmap = (words: number) => {
    // A copy: bitmaps are read as words, and do not begin where words do.
    const bytes = Uint8Array.prototype.slice.call(file, at, at + words * 4)
    at += words * 4
    return new Uint32Array(bytes.buffer, bytes.byteOffset, words)
  }
  return head.data.parts.map(({ fields, grams, values, long, ...part }) => {
    const [of, by, in6] = [grams, values, long].map((words) => (words === null ? undefined : bitmap(words)))
    const signature = of && by && { fields: fields === null ? undefined : new Set(fields), grams: of, values: by, long: in6 }
    return { ...part, signature }
  })
}
