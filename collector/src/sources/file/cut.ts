import type { SourceConfig } from '@vonggac/contract'
import { RE2JS } from 're2js'

type Multiline = NonNullable<Extract<SourceConfig, { transport: 'file' }>['multiline']>

/** A frame within the bytes that were read: from `start` to `stop`; behind it the reading goes on at `next`. */
export interface CutFrame {
  readonly start: number
  readonly stop: number
  readonly next: number
  readonly oversize: boolean
}

export interface Cut {
  readonly frames: readonly CutFrame[]
  /** So many bytes are done with; the rest is read again when there is more. */
  readonly consumed: number
  /** What follows is the rest of a line that was cut. */
  readonly skip: boolean
}

export interface CutRules {
  /** Bytes of a line end: 2 in UTF-16. */
  readonly width: 1 | 2
  readonly maxLineBytes: number
  readonly joining?: Joining | undefined
}

export interface Joining {
  /** Whether a line, in its file's encoding, belongs to the frame before. */
  readonly continues: (line: Buffer) => boolean
  readonly maxLines: number
}

/** What is known of the end of the bytes. */
export interface Ending {
  /** The file has ended for good: a line without its end is one. */
  readonly ended: boolean
  /** No more lines of the last frame are waited for. */
  readonly settled: boolean
}

const readOfALine = 2_048
const [LF, CR] = [10, 13]

/** @throws an error of RE2 for a pattern that it does not know */
export function joiningOf({ pattern, marks, maxLines }: Multiline, decode: (bytes: Buffer) => string): Joining {
  const expression = RE2JS.compile(pattern)
  return {
    continues: (line) => expression.matcher(decode(line.subarray(0, readOfALine))).find() === (marks === 'continuation'),
    maxLines,
  }
}

/**
 * Cuts what was read of a file into frames. A line without its end waits; so does, where lines are joined, the last frame.
 * @param skip the bytes begin with the rest of a line that was cut
 */
export function cutFrames(bytes: Buffer, skip: boolean, rules: CutRules, { ended, settled }: Ending): Cut {
  const cut = cutLines(bytes, skip, rules, ended)
  const joined = rules.joining ? joinLines(bytes, cut, rules.joining, rules.maxLineBytes, settled || ended) : cut
  return { ...joined, frames: joined.frames.filter(({ start, stop }) => stop > start) }
}

function cutLines(bytes: Buffer, skip: boolean, { width, maxLineBytes }: CutRules, ended: boolean): Cut {
  const most = maxLineBytes - (maxLineBytes % width)
  const length = bytes.length - (bytes.length % width)
  const frames: CutFrame[] = []
  let at = 0
  for (let skipping = skip; at < length; skipping = false) {
    const found = lineEnd(bytes, at, length, width)
    const stop = found < 0 ? length : found
    const next = found < 0 ? length : found + width
    const oversize = stop - at > most
    if (found < 0 && !ended) {
      if (!skipping && !oversize) break
      if (!skipping) frames.push({ start: at, stop: at + most, next, oversize })
      return { frames, consumed: next, skip: true }
    }
    if (!skipping) frames.push({ start: at, stop: oversize ? at + most : withoutReturn(bytes, at, stop, width), next, oversize })
    at = next
  }
  return { frames, consumed: at, skip: skip && at === 0 }
}

/** Lines that follow each other make one frame, up to its limits; what is beyond begins another, so that nothing is lost. */
function joinLines(bytes: Buffer, { frames: lines, consumed, skip }: Cut, joining: Joining, maxBytes: number, settled: boolean): Cut {
  const frames: CutFrame[] = []
  let open: CutFrame | undefined
  let count = 0
  for (const line of lines) {
    const room = open && count < joining.maxLines && line.stop - open.start <= maxBytes && !open.oversize && !line.oversize
    if (open && room && joining.continues(bytes.subarray(line.start, line.stop))) {
      open = { ...open, stop: line.stop, next: line.next }
      count++
      continue
    }
    if (open) frames.push(open)
    open = line
    count = 1
  }
  if (open && !settled && !open.oversize) return { frames, consumed: open.start, skip: false }
  return { frames: open ? [...frames, open] : frames, consumed, skip }
}

function lineEnd(bytes: Buffer, from: number, length: number, width: 1 | 2): number {
  for (let at = bytes.indexOf(LF, from); at >= 0 && at + width <= length; at = bytes.indexOf(LF, at + 1)) {
    if (width === 1 || ((at - from) % 2 === 0 && bytes[at + 1] === 0)) return at
  }
  return -1
}

function withoutReturn(bytes: Buffer, start: number, stop: number, width: 1 | 2): number {
  return stop - start >= width && bytes[stop - width] === CR && (width === 1 || bytes[stop - 1] === 0) ? stop - width : stop
}
