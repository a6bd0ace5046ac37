import type { FieldValue, Scalar } from '@vonggac/contract'
import { encodedName, idOf } from '../field-names.ts'
import type { FieldName } from '../fields.ts'

const [LF, SPACE, QUOTE, COMMA, ZERO, BACKSLASH] = [10, 32, 34, 44, 48, 92]
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [91, 93, 123, 125]

/** Characters from which on it costs less to let V8 look a text through and copy it than to go through it here. */
const long = 32
/** What JSON escapes, and what is no ASCII. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const notPlain = /["\\\u0000-\u001f\u0080-\uffff]/

/** Strings have so many shapes in V8 that looking a method up for each character would cost more than the character. */
const { charCodeAt } = String.prototype

/** Of UTF-8, or of an escape that is written here; what JSON.stringify escapes is a text of its own, with more characters. */
const mostBytesPerCharacter = 3
/** What a member takes beside its name and texts: quotes, commas, a number, the end of the line. */
const mostOtherBytes = 64

/**
 * Lines of JSON, written straight into memory that can be handed to another thread: the same bytes as JSON.stringify gives, without a text of each line
 * that would have to be put together, searched for what must be escaped, and encoded. Nothing is allocated for a line.
 */
export class LineWriter {
  readonly #limit: number
  #bytes: Buffer
  /** Behind the last line that was taken. */
  #taken = 0
  #at = 0
  #count = 0

  /** Lines stand at the start of `memory`, or of larger memory where that is too small. More than `limit` bytes are not taken, unless by the first line. */
  constructor(memory: ArrayBufferLike, limit = Infinity) {
    this.#bytes = Buffer.from(memory)
    this.#limit = limit
  }

  /** Lines that were taken. */
  get count(): number {
    return this.#count
  }

  /** The lines that were taken, each ended by LF. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#taken)
  }

  /** Begins a line in place of one that was not taken. */
  begin(): void {
    this.#at = this.#taken
    this.#reserve(1)
    this.#bytes[this.#at++] = OPEN
  }

  /** No name may come twice in a line. */
  member(name: FieldName, value: FieldValue): void {
    this.#name(name)
    if (Array.isArray(value)) this.#list(value as readonly Scalar[])
    else this.#scalar(value as Scalar)
  }

  /** A member whose text is given as UTF-8 that is valid. */
  utf8Member(name: FieldName, text: Uint8Array): void {
    this.#name(name)
    this.#reserve(text.length * 2)
    const end = writeUtf8(this.#bytes, this.#at, text)
    if (end < 0) this.#scalar(Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8'))
    else this.#at = end
  }

  /** `false`: the line would break the limit. */
  take(): boolean {
    if (this.#count > 0 && this.#at + 2 > this.#limit) return false
    this.#reserve(2)
    this.#bytes[this.#at++] = CLOSE
    this.#bytes[this.#at++] = LF
    this.#taken = this.#at
    this.#count++
    return true
  }

  #name(name: FieldName): void {
    const bytes = encodedName(typeof name === 'number' ? name : idOf(name))
    this.#reserve(bytes.length)
    // The first member has no comma before it.
    const first = this.#at === this.#taken + 1
    this.#bytes.set(first ? bytes.subarray(1) : bytes, this.#at)
    this.#at += first ? bytes.length - 1 : bytes.length
  }

  #list(values: readonly Scalar[]): void {
    this.#reserve(0)
    this.#bytes[this.#at++] = OPEN_LIST
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.#bytes[this.#at++] = COMMA
      this.#scalar(values[index]!)
    }
    this.#bytes[this.#at++] = CLOSE_LIST
  }

  #scalar(value: Scalar): void {
    if (typeof value !== 'string') return this.#number(value)
    const { length } = value
    this.#reserve(length * mostBytesPerCharacter)
    if (length >= long && !notPlain.test(value)) return this.#plain(value)
    const end = writeText(this.#bytes, this.#at, value, length)
    if (end < 0) this.#json(JSON.stringify(value))
    else this.#at = end
  }

  /** Also truth values and null. */
  #number(value: number | boolean | null): void {
    if (typeof value !== 'number' || (value | 0) !== value || value < 0) return this.#json(JSON.stringify(value))
    this.#reserve(0)
    this.#at = writeDigits(this.#bytes, this.#at, value)
  }

  #plain(text: string): void {
    this.#bytes[this.#at++] = QUOTE
    this.#at += this.#bytes.write(text, this.#at, 'latin1')
    this.#bytes[this.#at++] = QUOTE
  }

  #json(text: string): void {
    this.#reserve(text.length * mostBytesPerCharacter)
    this.#at += this.#bytes.write(text, this.#at, 'utf8')
  }

  /** Room for so many bytes and what stands around them. */
  #reserve(bytes: number): void {
    const needed = this.#at + bytes + mostOtherBytes
    if (needed > this.#bytes.length) this.#grow(needed)
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

/**
 * The text in quotes; `length` is its own (strings have many shapes in V8, so asking for it is slow: once is enough). @returns its end, or -1 when there is something in it that only JSON.stringify writes: control characters, halves of surrogate pairs */
function writeText(bytes: Uint8Array, start: number, text: string, length: number): number {
  let at = start
  bytes[at++] = QUOTE
  for (let index = 0; index < length; index++) {
    const code = charCodeAt.call(text, index)
    if (code < 0x80) {
      if (code < SPACE) return -1
      if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH
      bytes[at++] = code
    } else if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6)
      bytes[at++] = 0x80 | (code & 0x3f)
    } else {
      if (code >= 0xd800 && code <= 0xdfff) return -1
      bytes[at++] = 0xe0 | (code >> 12)
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
      bytes[at++] = 0x80 | (code & 0x3f)
    }
  }
  bytes[at++] = QUOTE
  return at
}

/** The same of UTF-8; -1 for control characters. */
function writeUtf8(bytes: Uint8Array, start: number, text: Uint8Array): number {
  const { length } = text
  let at = start
  bytes[at++] = QUOTE
  for (let index = 0; index < length; index++) {
    const code = text[index]!
    if (code < SPACE) return -1
    if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH
    bytes[at++] = code
  }
  bytes[at++] = QUOTE
  return at
}

/** @returns the end. `value` has at most 31 bits. */
function writeDigits(bytes: Uint8Array, start: number, value: number): number {
  let end = start + 1
  for (let rest = value; rest > 9; rest = (rest / 10) | 0) end++
  let rest = value
  for (let at = end - 1; at >= start; at--) {
    const next = (rest / 10) | 0
    bytes[at] = ZERO + rest - next * 10
    rest = next
  }
  return end
}
