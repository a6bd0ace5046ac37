import { frameFlags } from '../../frame.ts'
import type { FrameCutter, TakeFrame } from '../stream/one-way.ts'

/**
 * Splits a TCP stream into syslog frames (RFC 6587), telling for each frame anew how it is framed: senders behind one relay differ.
 *
 * - Octet counting: `LENGTH SP <…`. The `<` belongs to it: a text line that begins with a number is no octet count.
 * - Otherwise a frame ends at LF (a CR before it goes too).
 * - One that begins with `<` and a digit ends also at a NUL with `<` or, so far, nothing behind it: so Python's SysLogHandler ends its own. Any other
 *   NUL is a byte of its line.
 * - LF, CR and NUL between frames are skipped: some senders end octet-counted frames with them.
 *
 * It works on bytes and never waits for more than `limit` of them: what is longer is cut there, flagged `oversize`, and skipped to its end.
 */
const LF = 10
const CR = 13
const SPACE = 32
const ZERO = 48
const NINE = 57
const LESS_THAN = 60
/** An octet count beyond it is noise, not a length: following it would swallow what comes after. */
const largestCount = 16 * 1024 * 1024
const mostDigits = 8

/** How the frame that begins here is framed. */
type Framing = { readonly kind: 'counted'; readonly start: number; readonly length: number } | { readonly kind: 'line' | 'bad' | 'more' }

const line: Framing = { kind: 'line' }
const bad: Framing = { kind: 'bad' }
const more: Framing = { kind: 'more' }

export class SyslogFramer implements FrameCutter {
  readonly #limit: number
  readonly #emit: TakeFrame
  /** What came of a frame that is not complete; `#held` bytes of it are used. */
  #buffer: Buffer = Buffer.alloc(0)
  #held = 0
  /** Up to here `#buffer` is known to hold no end of a line. */
  #searched = 0
  /** The first NUL that is not passed in what is being consumed, or its length: looked for once in all lines that hold none. */
  #nul = -1
  #skipOctets = 0
  #skipLine: 'no' | 'plain' | 'headed' = 'no'

  constructor(limit: number, emit: TakeFrame) {
    this.#limit = limit
    this.#emit = emit
  }

  push(chunk: Buffer): void {
    const searched = this.#searched
    this.#searched = 0
    if (this.#held === 0) {
      const used = this.#consume(chunk, chunk.length, 0)
      if (used < chunk.length) this.#append(chunk.subarray(used))
      return
    }
    this.#append(chunk)
    const used = this.#consume(this.#buffer, this.#held, searched)
    this.#buffer.copyWithin(0, used, this.#held)
    this.#held -= used
  }

  /** The stream ended: a line without LF is a frame, a counted frame that is not complete is one with bad framing. */
  end(): void {
    if (this.#held > 0) {
      const rest = this.#buffer.subarray(0, this.#held)
      const framing = framingAt(rest, 0, rest.length)
      if (framing.kind === 'counted') this.#emit(rest.subarray(framing.start), frameFlags.badFraming)
      else this.#emit(withoutLineEnd(rest, 0, rest.length), framing.kind === 'bad' ? frameFlags.badFraming : 0)
    }
    this.#held = 0
    this.#buffer = Buffer.alloc(0)
  }

  /** Emits what is complete in the first `length` bytes and returns how many of them are done with. */
  #consume(bytes: Buffer, length: number, searched: number): number {
    let at = 0
    this.#nul = -1
    for (;;) {
      at = this.#skip(bytes, at, length)
      while (at < length && (bytes[at] === LF || bytes[at] === CR || bytes[at] === 0)) at++
      if (at >= length) return length
      const framing = framingAt(bytes, at, length)
      if (framing.kind === 'more') return at
      const from = at === 0 ? searched : at
      const next =
        framing.kind === 'counted' ? this.#counted(bytes, length, framing) : this.#line(bytes, at, from, length, framing.kind === 'bad')
      if (next < 0) return at
      at = next
    }
  }

  #skip(bytes: Buffer, from: number, length: number): number {
    let at = from
    if (this.#skipOctets > 0) {
      const skipped = Math.min(this.#skipOctets, length - at)
      this.#skipOctets -= skipped
      at += skipped
    }
    if (this.#skipLine !== 'no') {
      const end = this.#lineEnd(bytes, this.#skipLine === 'headed', at, length)
      if (end >= 0) this.#skipLine = 'no'
      at = end < 0 ? length : end + 1
    }
    return at
  }

  /** The offset behind the frame, or -1 when it is not complete. */
  #counted(bytes: Buffer, length: number, { start, length: count }: { start: number; length: number }): number {
    if (count > this.#limit) {
      if (length - start < this.#limit) return -1
      this.#emit(bytes.subarray(start, start + this.#limit), frameFlags.oversize)
      this.#skipOctets = count - this.#limit
      return start + this.#limit
    }
    if (length - start < count) return -1
    this.#emit(withoutLineEnd(bytes, start, start + count), 0)
    return start + count
  }

  /** The same for a line that begins at `start` and is known to have no end before `from`. */
  #line(bytes: Buffer, start: number, from: number, length: number, badFraming: boolean): number {
    const flags = badFraming ? frameFlags.badFraming : 0
    const headed = isHead(bytes, start)
    const end = this.#lineEnd(bytes, headed, from, length)
    const size = (end < 0 ? length : end) - start
    if (size > this.#limit) {
      this.#emit(bytes.subarray(start, start + this.#limit), flags | frameFlags.oversize)
      if (end < 0) this.#skipLine = headed ? 'headed' : 'plain'
      return end < 0 ? length : end + 1
    }
    if (end < 0) {
      this.#searched = length - start
      return -1
    }
    this.#emit(withoutLineEnd(bytes, start, end), flags)
    return end + 1
  }

  /** Of a line that begins before `from` or there, with a priority or not; -1 when it is not there. */
  #lineEnd(bytes: Buffer, headed: boolean, from: number, length: number): number {
    const lineFeed = indexOfLineEnd(bytes, from, length)
    if (!headed) return lineFeed
    const end = lineFeed < 0 ? length : lineFeed
    if (this.#nul < from) this.#nul = indexOfNul(bytes, from, length)
    for (; this.#nul < end; this.#nul = indexOfNul(bytes, this.#nul + 1, length)) {
      if (this.#nul + 1 === length || bytes[this.#nul + 1] === LESS_THAN) return this.#nul
    }
    return lineFeed
  }

  /** The buffer doubles, so that a frame which arrives byte by byte costs no more than its length. */
  #append(more: Buffer): void {
    const needed = this.#held + more.length
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2, 1024))
      this.#buffer.copy(grown, 0, 0, this.#held)
      this.#buffer = grown
    }
    more.copy(this.#buffer, this.#held)
    this.#held = needed
  }
}

function framingAt(bytes: Buffer, start: number, length: number): Framing {
  let at = start
  let count = 0
  while (at < length && bytes[at]! >= ZERO && bytes[at]! <= NINE) {
    count = count * 10 + bytes[at]! - ZERO
    at++
    if (at - start > mostDigits) return bad
  }
  if (at === start || bytes[start] === ZERO) return line
  if (at >= length) return more
  if (bytes[at] !== SPACE) return line
  if (at + 1 >= length) return more
  if (bytes[at + 1] !== LESS_THAN || count > largestCount) return bad
  return { kind: 'counted', start: at + 1, length: count }
}

/** The beginning of a priority. */
function isHead(bytes: Buffer, at: number): boolean {
  return bytes[at] === LESS_THAN && bytes[at + 1]! >= ZERO && bytes[at + 1]! <= NINE
}

/** `length` where there is none. */
function indexOfNul(bytes: Buffer, from: number, length: number): number {
  const at = bytes.indexOf(0, from)
  return at < 0 || at >= length ? length : at
}

function indexOfLineEnd(bytes: Buffer, from: number, length: number): number {
  const end = bytes.indexOf(LF, from)
  return end < 0 || end >= length ? -1 : end
}

/** rsyslog counts the LF at the end of its templates among the octets; a CR before an LF belongs to it. */
function withoutLineEnd(bytes: Buffer, start: number, end: number): Buffer {
  let last = end
  while (last > start && (bytes[last - 1] === CR || bytes[last - 1] === LF)) last--
  return bytes.subarray(start, last)
}
