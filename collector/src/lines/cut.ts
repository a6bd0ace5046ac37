/** A stretch of bytes, from `start` to before `stop`. */
export interface Span {
  readonly start: number
  readonly stop: number
}

/** A frame within the bytes that were read: from `start` to `stop`; behind it the reading goes on at `next`. */
export interface CutFrame extends Span {
  readonly next: number
  readonly oversize: boolean
  /** Where lines of others stand between its own: the runs of its own, each with the line end to the following. */
  readonly runs?: readonly Span[]
  /** What stands behind `next` and is given already, with this frame or before it. */
  readonly taken?: readonly Span[]
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

/** Makes frames of lines. */
export type Joining = (bytes: Buffer, lines: Cut, at: JoiningAt) => Cut

export interface JoiningAt {
  /** A frame may not reach further. */
  readonly maxBytes: number
  /** No more lines are waited for. */
  readonly settled: boolean
  readonly taken: readonly Span[]
}

/** Where the reading of a file stands. */
export interface CutAt {
  /** The bytes begin with the rest of a line that was cut. */
  readonly skip: boolean
  /** Of the bytes, what was given before. */
  readonly taken?: readonly Span[]
  /** The file has ended for good: a line without its end is one. */
  readonly ended: boolean
  /** No more lines of a frame are waited for. */
  readonly settled: boolean
}

const [LF, CR] = [10, 13]

/** Cuts what was read of a file into frames. A line without its end waits; so does, where lines are joined, a frame that may get more. */
export function cutFrames(bytes: Buffer, rules: CutRules, { skip, taken = [], ended, settled }: CutAt): Cut {
  const { maxLineBytes: maxBytes, joining } = rules
  const cut = cutLines(bytes, skip, rules, ended)
  const joined = joining ? joining(bytes, cut, { maxBytes, settled: settled || ended, taken }) : cut
  return { ...joined, frames: joined.frames.filter(({ start, stop }) => stop > start) }
}

/** The text of a frame. */
export function frameBytes(bytes: Buffer, { start, stop, runs }: CutFrame): Buffer {
  return runs ? Buffer.concat(runs.map((run) => bytes.subarray(run.start, run.stop))) : bytes.subarray(start, stop)
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

function lineEnd(bytes: Buffer, from: number, length: number, width: 1 | 2): number {
  for (let at = bytes.indexOf(LF, from); at >= 0 && at + width <= length; at = bytes.indexOf(LF, at + 1)) {
    if (width === 1 || ((at - from) % 2 === 0 && bytes[at + 1] === 0)) return at
  }
  return -1
}

function withoutReturn(bytes: Buffer, start: number, stop: number, width: 1 | 2): number {
  return stop - start >= width && bytes[stop - width] === CR && (width === 1 || bytes[stop - 1] === 0) ? stop - width : stop
}
