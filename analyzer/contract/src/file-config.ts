import { z } from 'zod'

/** An absolute path: `*` and `?` stand for characters of one name, `**` for any folders. */
const pathGlob = z.string().startsWith('/', 'a path begins with /').max(1_000)

/** How lines are joined to one frame. `start`: a line that fits `pattern` begins one; `continuation`: a line that fits belongs to the one before. */
const multiline = z.strictObject({
  pattern: z.string().min(1).max(1_000),
  marks: z.enum(['start', 'continuation']).default('start'),
  maxLines: z.int().min(1).max(10_000).default(500),
  /** A file that has not grown for so long begins no new line of the last frame any more. */
  timeoutSeconds: z.number().min(0.1).max(3_600).default(5),
})

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
  multiline: multiline.optional(),
  everySeconds: z.number().min(0.05).max(3_600).default(1),
  mostFiles: z.int().min(1).max(10_000).default(1_000),
}
