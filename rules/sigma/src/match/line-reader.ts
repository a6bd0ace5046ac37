/**
 * Reads one line of JSON into an event view without parsing it into objects.
 *
 * The reader accepts only what JSON.parse accepts and gives up on whatever is rare and long to do right: repeated keys, keys with
 * escapes or beyond ASCII, arrays that hold objects or arrays, extreme depth, malformed text. What it gives up on is parsed the long
 * way by the caller, who so also learns what is malformed. The byte behind the line must be a newline: every loop here stops at it.
 */
import { escapedByte, foldedByte, separator, special } from './bytes.ts'
import * as view from './event-view.ts'
import { hashPrime, hashSeed } from './name-table.ts'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const minus = 0x2d
const zero = 0x30
const space = 0x20

const maxNesting = 16
const maxPath = 1024
/** Slots for the keys that no rule names; at most half are used. */
const otherKeySlots = 2048

/** 1 for bytes of a key that is read as it stands: ASCII without quotes, backslashes and control characters. */
const keyByte = new Uint8Array(256)
for (let byte = 0x20; byte < 0x80; byte++) keyByte[byte] = byte === quote || byte === backslash ? 0 : 1

const isHex = new Uint8Array(256)
for (const digit of '0123456789abcdefABCDEF') isHex[digit.charCodeAt(0)] = 1

export class LineReader {
  readonly #view: view.EventView
  #bytes: Uint8Array = new Uint8Array(0)
  /** Set by the string scanners: the string has escapes or characters beyond ASCII. */
  #otherwise = false
  readonly #path = new Uint8Array(maxPath)
  /** By depth: length of the path with its final dot, and its hash. */
  readonly #pathLength = new Int32Array(maxNesting + 1)
  readonly #pathHash = new Int32Array(maxNesting + 1)
  /** Stamps and hashes of the keys met: by field, and by hash for the others. */
  readonly #met: Int32Array
  readonly #otherStamp = new Int32Array(otherKeySlots)
  readonly #otherHash = new Int32Array(otherKeySlots)
  #others = 0

  constructor(of: view.EventView) {
    this.#view = of
    this.#met = new Int32Array(of.fields.names.length)
  }

  /**
   * Fills the view with the event in `bytes[start … end)`. Fields with `keep` are folded at once, all strings with `keepEveryString`.
   * False where the line must be read the long way; the view's content then means nothing.
   */
  read(bytes: Uint8Array, start: number, end: number, keep: Uint8Array, keepEveryString: boolean): boolean {
    const event = this.#view
    event.begin((end - start) * 4 + 64, keepEveryString)
    event.bytes = bytes
    event.fromLine = true
    event.lineStart = start
    event.lineEnd = end
    this.#bytes = bytes
    this.#others = 0
    let at = this.#skipSpace(start)
    if (bytes[at] !== openBrace) return false
    at = this.#members(at + 1, keep, keepEveryString)
    if (at < 0 || this.#skipSpace(at) !== end) return false
    event.endOfIndexed()
    return true
  }

  /** Reads members up to the brace that closes the event; returns the place behind it, or -1. */
  #members(from: number, keep: Uint8Array, keepEveryString: boolean): number {
    const bytes = this.#bytes
    const event = this.#view
    const { fields } = event
    let depth = 0
    let prefixLength = 0
    let prefixHash = hashSeed
    let at = from
    let mayClose = true
    for (;;) {
      if (bytes[at]! <= space) at = this.#skipSpace(at)
      if (mayClose && bytes[at] === closeBrace) {
        mayClose = false
      } else {
        if (bytes[at] !== quote) return -1
        const keyStart = ++at
        let hash = prefixHash
        for (let byte = bytes[at]!; keyByte[byte] === 1; byte = bytes[++at]!) hash = Math.imul(hash ^ byte, hashPrime)
        const keyEnd = at
        if (bytes[at++] !== quote) return -1
        if (bytes[at]! <= space) at = this.#skipSpace(at)
        if (bytes[at++] !== colon) return -1
        if (bytes[at]! <= space) at = this.#skipSpace(at)
        const field = fields.find(hash, this.#path, prefixLength, bytes, keyStart, keyEnd)
        if (this.#isRepeated(field, hash)) return -1
        const byte = bytes[at]!
        if (byte === openBrace) {
          const keyLength = keyEnd - keyStart
          if (depth === maxNesting || prefixLength + keyLength + 1 > maxPath) return -1
          this.#pathLength[depth] = prefixLength
          this.#pathHash[depth++] = prefixHash
          for (let i = keyStart; i < keyEnd; i++) this.#path[prefixLength++] = bytes[i]!
          this.#path[prefixLength++] = 0x2e
          prefixHash = Math.imul(hash ^ 0x2e, hashPrime)
          mayClose = true
          at++
          continue
        }
        const kept = field >= 0 ? keep[field] === 1 || keepEveryString : keepEveryString
        if (byte === quote) at = kept ? this.#keptString(at + 1, field) : this.#string(at + 1, field)
        else if (byte === openBracket) at = this.#array(at, field, kept)
        else at = this.#scalar(at, field, kept)
        if (at < 0) return -1
        if (bytes[at]! <= space) at = this.#skipSpace(at)
        if (bytes[at] === comma) {
          at++
          mayClose = false
          continue
        }
      }
      while (bytes[at] === closeBrace) {
        at++
        if (depth === 0) return at
        prefixLength = this.#pathLength[--depth]!
        prefixHash = this.#pathHash[depth]!
        if (bytes[at]! <= space) at = this.#skipSpace(at)
      }
      if (bytes[at++] !== comma) return -1
      mayClose = false
    }
  }

  #skipSpace(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (bytes[at] === space || bytes[at] === 0x09 || bytes[at] === 0x0d) at++
    return at
  }

  /** Notes a key; true where it was met before in this event, or where there are too many keys to tell. */
  #isRepeated(field: number, hash: number): boolean {
    const { generation } = this.#view
    if (field >= 0) {
      if (this.#met[field] === generation) return true
      this.#met[field] = generation
      return false
    }
    let slot = (hash ^ (hash >>> 15)) & (otherKeySlots - 1)
    while (this.#otherStamp[slot] === generation) {
      if (this.#otherHash[slot] === hash) return true
      slot = (slot + 1) & (otherKeySlots - 1)
    }
    this.#otherStamp[slot] = generation
    this.#otherHash[slot] = hash
    return ++this.#others > otherKeySlots / 2
  }

  #enter(field: number, form: number, start: number, end: number): void {
    const event = this.#view
    event.present[field] = event.generation
    event.form[field] = form
    event.rawStart[field] = start
    event.rawEnd[field] = end
  }

  /** A string that no index needs: only its end is looked for. */
  #string(start: number, field: number): number {
    const end = this.#endOfString(start)
    if (end >= 0 && field >= 0) this.#enter(field, this.#otherwise ? view.otherString : view.plainString, start, end)
    return end < 0 ? -1 : end + 1
  }

  /** A string that is folded into the scratch while its end is looked for. */
  #keptString(start: number, field: number): number {
    const event = this.#view
    const textStart = event.length
    const end = this.#copyString(start)
    if (end < 0) return -1
    const textEnd = event.length
    event.scratch[event.length++] = separator
    if (event.everyStringKept) event.noteString(textStart, textEnd)
    if (field >= 0) {
      this.#enter(field, this.#otherwise ? view.otherString : view.plainString, start, end)
      event.noteFolded(field, textStart, 1)
    }
    return end + 1
  }

  /** Copies and folds up to the closing quote, whose place is returned; -1 where the string is malformed. */
  #copyString(start: number): number {
    const bytes = this.#bytes
    const event = this.#view
    const { scratch } = event
    let to = event.length
    let at = start
    this.#otherwise = false
    for (;;) {
      let folded = foldedByte[bytes[at]!]!
      while (folded !== special) {
        scratch[to++] = folded
        folded = foldedByte[bytes[++at]!]!
      }
      const byte = bytes[at]!
      if (byte === quote) {
        event.length = to
        return at
      }
      const stands = byte === backslash ? escapedByte[bytes[at + 1]!]! : 0
      if (stands === 0) return this.#copyDecoded(start)
      this.#otherwise = true
      scratch[to++] = stands
      at += 2
    }
  }

  /** For strings with characters beyond ASCII or numbered escapes. */
  #copyDecoded(start: number): number {
    const end = this.#endOfString(start)
    if (end >= 0) this.#view.writeDecoded(start, end)
    return end
  }

  /** The place of the closing quote, or -1; notes whether the string is more than plain ASCII. */
  #endOfString(start: number): number {
    const bytes = this.#bytes
    let at = start
    this.#otherwise = false
    for (;;) {
      while (keyByte[bytes[at]!] === 1) at++
      const byte = bytes[at]!
      if (byte === quote) return at
      if (byte < space) return -1
      this.#otherwise = true
      if (byte !== backslash) at++
      else if (escapedByte[bytes[at + 1]!] !== 0) at += 2
      else if (bytes[at + 1] === 0x75 && this.#isFourHex(at + 2)) at += 6
      else return -1
    }
  }

  #isFourHex(at: number): boolean {
    const bytes = this.#bytes
    for (let i = at; i < at + 4; i++) if (isHex[bytes[i]!] === 0) return false
    return true
  }

  /** A number, `true`, `false` or `null`. */
  #scalar(start: number, field: number, kept: boolean): number {
    const byte = this.#bytes[start]!
    let form: number
    let end: number
    if (byte === minus || (byte >= zero && byte <= 0x39)) {
      end = this.#endOfNumber(start)
      form = this.#otherwise ? view.otherNumber : view.plainNumber
    } else {
      form = this.#spells(start, 'true') ? view.literalTrue : this.#spells(start, 'false') ? view.literalFalse : view.literalNull
      if (form === view.literalNull && !this.#spells(start, 'null')) return -1
      end = start + (form === view.literalFalse ? 5 : 4)
    }
    if (end < 0 || field < 0) return end < 0 || form !== view.otherNumber || !kept ? end : this.#longNumber(start, end)
    this.#enter(field, form, start, end)
    if (kept) this.#view.fold(field)
    return end
  }

  /** Integers beyond 2^53 are strings of digits, which keywords look at. */
  #longNumber(start: number, end: number): number {
    const value = this.#view.scalarAt(start, end)
    if (typeof value === 'string') this.#view.write(value)
    return end
  }

  #spells(start: number, word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.#bytes[start + i] !== word.charCodeAt(i)) return false
    return true
  }

  /** The end of a number in JSON's grammar, or -1; notes whether its text may differ from its canonical text. */
  #endOfNumber(start: number): number {
    const bytes = this.#bytes
    let at = bytes[start] === minus ? start + 1 : start
    const first = at
    at = this.#digits(at)
    if (at === first || (bytes[first] === zero && at > first + 1)) return -1
    this.#otherwise = at - first > 15 || (first > start && bytes[first] === zero)
    if (bytes[at] === 0x2e) {
      this.#otherwise = true
      const fraction = at + 1
      at = this.#digits(fraction)
      if (at === fraction) return -1
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      this.#otherwise = true
      at++
      if (bytes[at] === 0x2b || bytes[at] === minus) at++
      const exponent = at
      at = this.#digits(at)
      if (at === exponent) return -1
    }
    return at
  }

  #digits(from: number): number {
    let at = from
    while (this.#bytes[at]! >= zero && this.#bytes[at]! <= 0x39) at++
    return at
  }

  /** An array of scalars. */
  #array(start: number, field: number, kept: boolean): number {
    const bytes = this.#bytes
    const event = this.#view
    const textStart = event.length
    let texts = 0
    let members = 0
    let at = this.#skipSpace(start + 1)
    while (bytes[at] !== closeBracket) {
      if (members++ > 0) {
        if (bytes[at++] !== comma) return -1
        at = this.#skipSpace(at)
      }
      if (bytes[at] === quote) {
        at = kept ? this.#keptString(at + 1, -1) : this.#string(at + 1, -1)
        texts++
      } else {
        const end = this.#scalar(at, -1, false)
        if (end < 0) return -1
        if (kept && event.write(event.scalarAt(at, end))) texts++
        at = end
      }
      if (at < 0) return -1
      at = this.#skipSpace(at)
    }
    if (field < 0 || members === 0) return at + 1
    this.#enter(field, view.array, start, at + 1)
    if (kept) event.noteFolded(field, textStart, texts)
    return at + 1
  }
}
