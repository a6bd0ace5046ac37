/**
 * The write-ahead log's format. A file is a sequence of frames, one a batch:
 *
 *     #{"collector":"c1","first":120,"last":121,"count":2,"bytes":903,"crc":"89abcdef"}\n
 *     {…event…}\n
 *     {…event…}\n
 *
 * `bytes` and `crc` (CRC-32, hexadecimal) are of the lines after the header; no event's line begins with `#`. A crash can leave the last frame
 * torn: it was never acknowledged and is cut off. Damage with good frames behind it is something else: it is skipped and reported.
 */
import { collectorNameSchema, type EventBatch } from '@vonggac/contract'
import { crc32 } from 'node:zlib'
import { z } from 'zod'

const headerSchema = z.object({
  collector: collectorNameSchema,
  first: z.int().nonnegative(),
  last: z.int().nonnegative(),
  count: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  crc: z.string(),
})
export type FrameHeader = z.infer<typeof headerSchema>

const newLine = 0x0a
const mark = 0x23

export function frameHeader({ collector, first, last, count, bytes }: EventBatch): Buffer {
  const header: FrameHeader = { collector, first, last, count, bytes: bytes.byteLength, crc: checksum(bytes) }
  return Buffer.from(`#${JSON.stringify(header)}\n`)
}

export interface Frame {
  readonly header: FrameHeader
  readonly lines: Buffer
}

export interface ScannedLog {
  readonly frames: readonly Frame[]
  /** Where the last good frame ends: what lies behind it is a torn write. */
  readonly end: number
  /** Bytes in front of `end` that are in no good frame. */
  readonly damaged: number
}

export function scanLog(file: Buffer): ScannedLog {
  const frames: Frame[] = []
  let end = 0
  let damaged = 0
  for (let at = 0; at < file.length;) {
    const frame = frameAt(file, at)
    if (frame === undefined) {
      const next = file.indexOf('\n#{', at)
      if (next < 0) break
      at = next + 1
      continue
    }
    damaged += at - end
    at = end = frame.end
    frames.push(frame)
  }
  return { frames, end, damaged }
}

function frameAt(file: Buffer, start: number): (Frame & { readonly end: number }) | undefined {
  if (file[start] !== mark) return undefined
  const headerEnd = file.indexOf(newLine, start)
  if (headerEnd < 0) return undefined
  const header = headerSchema.safeParse(parsed(file.toString('utf8', start + 1, headerEnd)))
  if (!header.success) return undefined
  const end = headerEnd + 1 + header.data.bytes
  const lines = file.subarray(headerEnd + 1, end)
  if (end > file.length || checksum(lines) !== header.data.crc) return undefined
  return { header: header.data, lines, end }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

export function checksum(bytes: Uint8Array, before = 0): string {
  return crc32(bytes, before).toString(16).padStart(8, '0')
}

/** Where the lines of NDJSON start and end, without their LF. */
export function* rangesOf(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newLine, start)
    const end = found < 0 ? bytes.length : found
    yield [start, end]
    start = end + 1
  }
}

/** The lines of NDJSON without their LF, as text. */
export function* linesOf(bytes: Buffer): Generator<string> {
  for (const [start, end] of rangesOf(bytes)) yield bytes.toString('utf8', start, end)
}
