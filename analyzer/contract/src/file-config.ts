import { z } from 'zod'
import { valueSentences } from './value-sentences.ts'

/** An absolute path: `*` and `?` stand for characters of one name, `**` for any folders. */
const pathGlob = z.string().startsWith('/', valueSentences['path-form']).max(1_000)

const expression = z.string().min(1).max(1_000)

/**
 * How lines are joined to one frame: by a `pattern` or by a `key`.
 * - `pattern`. `start`: a line that fits begins one; `continuation`: a line that fits belongs to the one before.
 * - `key`: lines that follow each other and whose first group captures the same belong together. With `end`, lines of others may stand between
 *   them: a line that fits it is the last of its frame, but for those of the same key that follow it directly.
 */
export const multiline = z
  .strictObject({
    pattern: expression.optional(),
    marks: z.enum(['start', 'continuation']).default('start'),
    key: expression.optional(),
    end: expression.optional(),
    /** Of a frame, and of what stands between its lines. */
    maxLines: z.int().min(1).max(10_000).default(500),
    /** A frame of a pattern waits for more until its file has not grown for so long, one of a key until its first line has stood there for so long. */
    timeoutSeconds: z.number().min(0.1).max(3_600).default(5),
  })
  .refine(({ pattern, key, end }) => (pattern === undefined) !== (key === undefined) && (end === undefined || key !== undefined), {
    message: valueSentences['multiline-form'],
  })
export type Multiline = z.output<typeof multiline>

/** Files on the collector's own machine that are followed. */
export const fileFields = {
  /** The one collector that reads them. */
  collector: z.string().default('c1'),
  paths: z.array(pathGlob).min(1).max(100),
  /** Of what `paths` find, these are left out. */
  exclude: z.array(pathGlob).max(100).default([]),
  /** Of files that are there when the source is first read; later ones are read from their beginning. */
  startAt: z.enum(['beginning', 'end']).default('beginning'),
  /** What each line begins with. */
  header: z.enum(['none', 'syslog']).default('none'),
  encoding: z.enum(['utf-8', 'utf-16le', 'windows-1258']).default('utf-8'),
  /** A longer line is cut here and counted as `oversize`; lines that are joined end here. */
  maxLineBytes: z.int().min(256).max(524_288).default(262_144),
  /** By default as the first of its parsers that says so has it. */
  multiline: multiline.optional(),
  everySeconds: z.number().min(0.05).max(3_600).default(1),
  mostFiles: z.int().min(1).max(10_000).default(1_000),
}
