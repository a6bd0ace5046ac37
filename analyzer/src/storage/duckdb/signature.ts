/**
 * What the events of a part of a segment can hold, in a few bytes an event: a search leaves out the parts that hold nothing it asks for.
 *
 * A part is the events of one dataset and agency within a segment. Its signature has
 *
 * - `fields`: the names that some event has a value for;
 * - `grams`: a bitmap with the hash of each four bytes that follow each other in some value's folded text (UTF-8);
 * - `long`: the same of each six bytes, of the fields in which people look for a piece of a text (`isHunted`): of four digits that follow each other,
 *   a part of some thousand events with numbers in them has nearly all;
 * - `values`: a Bloom filter of the folded texts of values of up to 128 bytes, whatever their field, but for fields whose values nobody asks
 *   for by equality (`isHashed`); of an IPv4 address its first two and three numbers as well, `10.1.` and `10.1.2.`.
 *
 * Bitmaps have a power of two of bits and positions are taken modulo it: a bitmap with few bits set is folded to half its size, again and
 * again. All of it errs to one side only: what a signature rules out is not there.
 */
export const signatureVersion = 2

/** Bits of a bitmap while it is made. */
const fullBits = 2 ** 19
const fewestBits = 2 ** 10
/** Greatest share of bits set. A text of eight characters has five grams: 0.001 of the parts without it look as if they had it. */
const densest = 0.25
const longestValue = 128
const longGram = 6
/** Of an IPv4 address that stands in some value as an IPv6 address. */
export const mappedMark = '::'
/** More names than this are no schema. */
const mostFields = 4_000

export interface Signature {
  /** Undefined: too many to keep. */
  readonly fields: ReadonlySet<string> | undefined
  readonly grams: Uint32Array
  readonly values: Uint32Array
  /** Undefined where no such field has a value. */
  readonly long: Uint32Array | undefined
}

const hunted =
  /^(process\.(parent\.)?(command_line|executable)|(file|registry|dll)\.path|url\.(original|full|path|query)|dns\.question\.name|user_agent\.original|winlog\.event_data\.ScriptBlockText)$/

/** Whether the values of a field are in `long`. */
export function isHunted(field: string): boolean {
  return hunted.test(field)
}

const unhashed =
  /^(message|@timestamp|event\.(id|created|ingested|start|end)|(source|client)\.port)$|\.(original|full|query|bytes|packets|size|duration|sequence|record_id|pid|procid)$/

/** Whether the values of a field are in `values`. */
export function isHashed(field: string): boolean {
  return !unhashed.test(field)
}

const escapes = new Uint8Array(256)
for (const [written, meant] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'].map((pair) => [...Buffer.from(pair)]))
  escapes[written!] = meant!

const [backslash, dot, colon, zero, nine] = [...Buffer.from('\\.:09')] as [number, number, number, number, number]
const hashBasis = 0x811c9dc5
const hashPrime = 0x01000193

/** Where the values of a field are kept, besides `grams`. */
export interface Kept {
  readonly hashed: boolean
  readonly hunted: boolean
}

export function keptOf(field: string): Kept {
  return { hashed: isHashed(field), hunted: isHunted(field) }
}

/** The signature of a part while its events come. */
export class SignatureBuilder implements Signature {
  readonly grams = new Uint32Array(fullBits / 32)
  readonly values = new Uint32Array(fullBits / 32)
  long: Uint32Array | undefined
  readonly #fields = new Set<string>()
  #scratch = Buffer.allocUnsafe(64 * 1024)

  get fields(): ReadonlySet<string> | undefined {
    return this.#fields.size > mostFields ? undefined : this.#fields
  }

  addField(field: string): void {
    if (this.#fields.size <= mostFields) this.#fields.add(field)
  }

  /** A folded text. */
  addText(folded: string, { hashed, hunted: isLong }: Kept): void {
    if (folded.length * 3 > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(folded.length * 3)
    const end = this.#scratch.write(folded)
    this.#add(this.#scratch, 0, end, hashed, false)
    if (isLong) this.#addLong(this.#scratch, 0, end, false)
  }

  /** The text between the quotes of a JSON string, or of a number. False where it has to be decoded and folded first: it is not ASCII. */
  addJson(bytes: Uint8Array, start: number, end: number, { hashed, hunted: isLong }: Kept): boolean {
    if (!this.#add(bytes, start, end, hashed, true)) return false
    if (isLong) this.#addLong(bytes, start, end, true)
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, hashed: boolean, escaped: boolean): boolean {
    const { grams } = this
    const mask = fullBits - 1
    let gram = 0
    let hash = hashBasis
    let length = 0
    let colons = 0
    for (let at = start; at < end; at++) {
      let byte = bytes[at]!
      if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20
      else if (escaped && byte >= 0x80) return false
      else if (escaped && byte === backslash) {
        byte = escapes[bytes[++at]!]!
        if (byte === 0) return false
      } else if (byte === colon) colons++
      gram = (gram << 8) | byte
      if (++length > 3) {
        const bit = gramHash(gram) & mask
        grams[bit >>> 5]! |= 1 << (bit & 31)
      }
      hash = Math.imul(hash ^ byte, hashPrime)
    }
    if (!hashed || length > longestValue) return true
    this.#setValue(hash)
    if (length >= 7 && length <= 15) this.#addNetworks(bytes, start, end)
    if (colons >= 2 && length <= 80) this.#addMapped(bytes, start, end)
    return true
  }

  /** Of a text that `#add` has taken. */
  #addLong(bytes: Uint8Array, start: number, end: number, escaped: boolean): void {
    const long = (this.long ??= new Uint32Array(fullBits / 32))
    let [gram, before, beforeThat] = [0, 0, 0]
    let length = 0
    for (let at = start; at < end; at++) {
      let byte = bytes[at]!
      if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20
      else if (escaped && byte === backslash) byte = escapes[bytes[++at]!]!
      beforeThat = before
      before = gram
      gram = (gram << 8) | byte
      if (++length < longGram) continue
      const bit = longHash(beforeThat, gram) & (fullBits - 1)
      long[bit >>> 5]! |= 1 << (bit & 31)
    }
  }

  /** The first two and three numbers of an IPv4 address, with their dots. */
  #addNetworks(bytes: Uint8Array, start: number, end: number): void {
    let dots = 0
    let hash = hashBasis
    const found: number[] = []
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      if (byte !== dot && (byte < zero || byte > nine)) return
      hash = Math.imul(hash ^ byte, hashPrime)
      if (byte === dot && ++dots >= 2) found.push(hash)
    }
    if (dots === 3) for (const prefix of found.slice(0, 2)) this.#setValue(prefix)
  }

  /** An address of IPv6 that may be one of IPv4: `::ffff:a01:203`, `::10.1.2.3`. */
  #addMapped(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
    if (/^[0-9a-f:.x]+(%.*)?$/i.test(text) && /ffff:|\./i.test(text)) this.#setValue(hashOf(mappedMark))
  }

  #setValue(hash: number): void {
    for (let probe = 0; probe < probes; probe++) {
      const bit = probeOf(hash, probe) & (fullBits - 1)
      this.values[bit >>> 5]! |= 1 << (bit & 31)
    }
  }
}

const probes = 3

function gramHash(gram: number): number {
  const mixed = Math.imul(gram, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** Of six bytes: their first four and their last four. */
function longHash(first: number, last: number): number {
  return gramHash(last ^ Math.imul(first, 0x85ebca6b))
}

function probeOf(hash: number, probe: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b + 2 * probe)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function hashOf(folded: string): number {
  let hash = hashBasis
  for (const byte of Buffer.from(folded)) hash = Math.imul(hash ^ byte, hashPrime)
  return hash
}

/** Hashes of the grams of a folded text, to be asked for again and again; none for a text of less than four bytes. */
export function gramsOf(folded: string): Int32Array {
  const bytes = Buffer.from(folded)
  const hashes = new Int32Array(Math.max(0, bytes.length - 3))
  for (let at = 0; at < hashes.length; at++) hashes[at] = gramHash(bytes.readInt32BE(at))
  return hashes
}

/** The same of six bytes each. */
export function longGramsOf(folded: string): Int32Array {
  const bytes = Buffer.from(folded)
  const hashes = new Int32Array(Math.max(0, bytes.length - longGram + 1))
  for (let at = 0; at < hashes.length; at++) hashes[at] = longHash(bytes.readInt32BE(at), bytes.readInt32BE(at + 2))
  return hashes
}

/** Undefined for a text that is too long to be in `values`. */
export function valueHash(folded: string): number | undefined {
  return Buffer.byteLength(folded) > longestValue ? undefined : hashOf(folded)
}

export function hasGrams({ grams }: Signature, hashes: Int32Array): boolean {
  return hasAll(grams, hashes)
}

export function hasLongGrams({ long }: Signature, hashes: Int32Array): boolean {
  return long === undefined || hasAll(long, hashes)
}

function hasAll(bitmap: Uint32Array, hashes: Int32Array): boolean {
  const mask = bitmap.length * 32 - 1
  for (const hash of hashes) if ((bitmap[(hash & mask) >>> 5]! & (1 << (hash & 31))) === 0) return false
  return true
}

export function hasValue({ values }: Signature, hash: number): boolean {
  const mask = values.length * 32 - 1
  for (let probe = 0; probe < probes; probe++) {
    const bit = probeOf(hash, probe) & mask
    if ((values[bit >>> 5]! & (1 << (bit & 31))) === 0) return false
  }
  return true
}

/** The bitmap at the smallest size at which it still rules out enough. */
export function folded(bitmap: Uint32Array): Uint32Array {
  let words = bitmap
  while (words.length * 32 > fewestBits) {
    const half = words.length >>> 1
    const smaller = words.slice(0, half)
    for (let at = 0; at < half; at++) smaller[at]! |= words[half + at]!
    if (setBits(smaller) / (half * 32) > densest) return words
    words = smaller
  }
  return words
}

function setBits(words: Uint32Array): number {
  let count = 0
  for (let word of words) {
    word -= (word >>> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}
