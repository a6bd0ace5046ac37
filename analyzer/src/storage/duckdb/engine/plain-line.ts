/**
 * Lines that are rows nearly as they came.
 *
 * DuckDB's JSON reader takes the columns it is asked for and skips other names. So a line whose values all fit their columns as they are
 * (row.ts says when) needs only a tail with our own columns: its bytes are looked at once, and neither parsed nor written anew. That
 * costs a tenth of making the row from the event, which remains the way of every other line; `PlainLine.read` answers false for it.
 *
 * Lines of one parser have the same names in the same order: behind each name, the one that followed it last time is tried first.
 */
import { fields, parseEventId } from '@vonggac/contract'
import { catalogue, ipv4Columns, ownColumns, type ColumnKind } from '../catalogue.ts'
import { ipv4At } from '../ipv4.ts'
import { momentAt } from '../moment.ts'
import { keptOf, type Kept } from '../signature.ts'

/** A field's name as it stands in a line. */
export interface Name {
  /** Its place among all names that are known. */
  readonly number: number
  readonly field: string
  /** `"field":` */
  readonly bytes: Buffer
  /** `rest`: it has no column. `taken`: it is called as one of our own. */
  readonly kind: ColumnKind | 'rest' | 'taken'
  /** Where its values are in signatures. */
  readonly kept: Kept
  /** Of an address: the column of IPv4 beside its own. */
  readonly ipv4: string | undefined
  /** The last line that it was in. */
  line: number
  follower: Name | undefined
}

const namesRemembered = 10_000
/** Of some forty thousand events, 16 MiB. */
const mostPlacesKept = 4 * 1024 * 1024
/** Integers of so many digits are the same in JavaScript, in JSON and in DuckDB. */
const safeDigits = 15

const [quote, backslash, comma, colon, open, close, openList, closeList] = [...Buffer.from('"\\,:{}[]')] as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]
const [minus, zero, nine, unicode] = [...Buffer.from('-09u')] as [number, number, number, number]
const escapable = new Set(Buffer.from('"\\/bfnrt'))
const literals = ['true', 'false', 'null'].map((text) => Buffer.from(text))
const ownNames: ReadonlySet<string> = new Set([...Object.values(ownColumns), ...ipv4Columns.values()])

/** Where the values of lines stand. Numbers alone: V8 would look at each of many objects again and again while they live. */
export class PlainValues {
  /** Of each value the number of its name, and from which to which byte it stands, a string without its quotes. */
  #places = new Int32Array(3 * 4_096)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** The number of the value's name. */
  nameAt(value: number): number {
    return this.#places[value * 3]!
  }

  startAt(value: number): number {
    return this.#places[value * 3 + 1]!
  }

  endAt(value: number): number {
    return this.#places[value * 3 + 2]!
  }

  add(name: number, start: number, end: number): void {
    const at = this.#count++ * 3
    if (at === this.#places.length) this.#grow()
    this.#places[at] = name
    this.#places[at + 1] = start
    this.#places[at + 2] = end
  }

  /** Forgets all but the first. */
  keep(count: number): void {
    this.#count = count
    if (count === 0 && this.#places.length > mostPlacesKept) this.#places = new Int32Array(3 * 4_096)
  }

  #grow(): void {
    const grown = new Int32Array(this.#places.length * 2)
    grown.set(this.#places)
    this.#places = grown
  }
}

export class PlainLine {
  readonly #names = new Map<string, Name>()
  /** By their numbers, those that `values` has and others. */
  #known: Name[] = []
  /** Of our own, in the rows written so far. */
  readonly #ownColumns = new Set<string>()
  readonly #head = newName('', -1)
  #line = 0
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  /** Bytes from which to which each field without a column stands, in pairs. */
  readonly #rest: number[] = []
  /** Companion columns and their numbers, in pairs. */
  readonly #addresses: (string | number)[] = []
  #escaped = false
  /** Of the line that was read last. */
  id = ''
  receivedMs = 0
  occurredMs: number | undefined
  /** Of all lines that were read since the last `begin`. */
  readonly values = new PlainValues()
  dataset: string | null = null
  agency: string | null = null

  /** For other lines than those before, whose names are remembered. */
  begin(): void {
    this.values.keep(0)
    this.#ownColumns.clear()
    if (this.#known.length < namesRemembered) return
    this.#known = []
    this.#forget()
  }

  /** The columns that the lines read since the last `begin` have values for. */
  get columns(): ReadonlySet<string> {
    const numbers = new Set<number>()
    for (let n = 0; n < this.values.count; n++) numbers.add(this.values.nameAt(n))
    const names = [...numbers].map((number) => this.#known[number]!).filter(({ kind }) => kind !== 'rest')
    return new Set([...names.map(({ field }) => field), ...this.#ownColumns])
  }

  /** The name with this number, of a value. */
  nameOf(number: number): Name {
    return this.#known[number]!
  }

  /** Whether the line, valid UTF-8 without its LF, is plain. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const { count } = this.values
    if (this.#read(bytes, start, end)) return true
    this.values.keep(count)
    return false
  }

  #read(bytes: Buffer, start: number, end: number): boolean {
    if (this.#names.size >= namesRemembered) this.#forget()
    this.#bytes = bytes
    this.#at = start
    this.#line++
    this.#rest.length = 0
    this.#addresses.length = 0
    this.id = ''
    this.occurredMs = undefined
    this.dataset = this.agency = null
    if (bytes[start] !== open) return false
    let name: Name = this.#head
    do {
      this.#at++
      const from = this.#at
      const next = this.#name(name)
      if (next === undefined || next.line === this.#line || !this.#value(next)) return false
      next.line = this.#line
      name = next
      if (next.kind === 'rest') this.#rest.push(from, this.#at)
    } while (bytes[this.#at] === comma)
    if (bytes[this.#at] !== close || this.#at !== end - 1) return false
    const parts = parseEventId(this.id)
    if (parts === undefined) return false
    this.receivedMs = parts.receivedMs
    return true
  }

  /** Bytes that `write` needs at most for a line of this length. */
  static rowBytes(length: number): number {
    return length * 3 + 320
  }

  /** Writes the row of the line that was read last, with LF; the end of what was written. */
  write(target: Buffer, offset: number, start: number, end: number): number {
    let at = offset + this.#bytes.copy(target, offset, start, end - 1)
    at += target.write(`,"${ownColumns.received}":${this.receivedMs}`, at, 'latin1')
    this.#ownColumns.add(ownColumns.received)
    if (this.occurredMs !== undefined) {
      at += target.write(`,"${ownColumns.occurred}":${this.occurredMs}`, at, 'latin1')
      this.#ownColumns.add(ownColumns.occurred)
    }
    for (let pair = 0; pair < this.#addresses.length; pair += 2) {
      at += target.write(`,"${this.#addresses[pair]}":${this.#addresses[pair + 1]}`, at, 'latin1')
      this.#ownColumns.add(this.#addresses[pair] as string)
    }
    if (this.#rest.length > 0) at = this.#writeRest(target, at)
    target[at++] = close
    target[at++] = 0x0a
    return at
  }

  /** A JSON object within a JSON string. */
  #writeRest(target: Buffer, offset: number): number {
    let at = offset + target.write(`,"${ownColumns.rest}":"`, offset, 'latin1')
    this.#ownColumns.add(ownColumns.rest)
    for (let pair = 0; pair < this.#rest.length; pair += 2) {
      target[at++] = pair === 0 ? open : comma
      for (let from = this.#rest[pair]!; from < this.#rest[pair + 1]!; from++) {
        const byte = this.#bytes[from]!
        if (byte === quote || byte === backslash) target[at++] = backslash
        target[at++] = byte
      }
    }
    target[at++] = close
    target[at++] = quote
    return at
  }

  /** Between lines alone: within one, a field that comes twice is known by its one name. */
  #forget(): void {
    this.#names.clear()
    this.#head.follower = undefined
  }

  #name(before: Name): Name | undefined {
    const guess = before.follower
    if (guess !== undefined && this.#takes(guess.bytes)) return guess
    const start = this.#at
    if (!this.#string() || this.#bytes[this.#at] !== colon) return undefined
    const written = this.#bytes.toString('utf8', start + 1, this.#at - 1)
    if (written.includes('\\')) return undefined
    this.#at++
    let name = this.#names.get(written)
    if (name === undefined) {
      name = newName(written, this.#known.length)
      this.#known.push(name)
      this.#names.set(written, name)
    }
    before.follower = name
    return name
  }

  #takes(expected: Buffer): boolean {
    const bytes = this.#bytes
    const at = this.#at
    for (let n = 0; n < expected.length; n++) if (bytes[at + n] !== expected[n]) return false
    this.#at = at + expected.length
    return true
  }

  #value(name: Name): boolean {
    const start = this.#at
    const first = this.#bytes[start]!
    switch (name.kind) {
      case 'text': {
        const from = this.#at + 1
        if (first !== quote || !this.#text(name)) return false
        return this.#takeKnown(name, from, this.#at - 1)
      }
      case 'long':
        return this.#integer() && this.#note(name, start, this.#at)
      case 'texts':
        return first === openList && this.#list(() => this.#bytes[this.#at] === quote && this.#text(name))
      case 'rest':
        return first === openList ? this.#list(() => this.#scalar(name)) : this.#scalar(name)
      case 'taken':
        return false
    }
  }

  /** What is known of some fields by name. Their texts are taken as they are written, so they have no escapes. */
  #takeKnown(name: Name, from: number, to: number): boolean {
    if (name.ipv4 !== undefined) {
      if (this.#escaped) return false
      const address = ipv4At(this.#bytes, from, to)
      if (address !== undefined) this.#addresses.push(name.ipv4, address)
      return true
    }
    switch (name.field) {
      case fields.id:
        this.id = this.#bytes.toString('latin1', from, to)
        return true
      case fields.timestamp:
        this.occurredMs = momentAt(this.#bytes, from, to)
        return !this.#escaped
      case fields.dataset:
        this.dataset = this.#bytes.toString('utf8', from, to)
        return !this.#escaped
      case fields.agency:
        this.agency = this.#bytes.toString('utf8', from, to)
        return !this.#escaped
      default:
        return true
    }
  }

  #scalar(name: Name): boolean {
    const start = this.#at
    const first = this.#bytes[start]!
    if (first === quote) return this.#text(name)
    if (first === minus || (first >= zero && first <= nine)) return this.#integer() && this.#note(name, start, this.#at)
    return literals.some((literal) => this.#takes(literal)) && this.#note(name, start, this.#at)
  }

  #text(name: Name): boolean {
    const start = this.#at + 1
    return this.#string() && this.#note(name, start, this.#at - 1)
  }

  #note(name: Name, start: number, end: number): true {
    this.values.add(name.number, start, end)
    return true
  }

  /** An empty list is no value at all, and so not plain. */
  #list(member: () => boolean): boolean {
    do {
      this.#at++
      if (!member()) return false
    } while (this.#bytes[this.#at] === comma)
    return this.#bytes[this.#at++] === closeList
  }

  /** Not where it has characters that JSON forbids, or halves of surrogate pairs. */
  #string(): boolean {
    const bytes = this.#bytes
    let at = this.#at + 1
    this.#escaped = false
    for (;;) {
      const byte = bytes[at]!
      if (byte === quote) break
      if (byte === backslash) {
        this.#escaped = true
        const escaped = bytes[at + 1]!
        if (escaped === unicode) {
          if (!/^(?!d[89a-f])[0-9a-f]{4}$/i.test(bytes.toString('latin1', at + 2, at + 6))) return false
          at += 6
        } else if (escapable.has(escaped)) at += 2
        else return false
      } else if (byte >= 0x20) at++
      else return false
    }
    this.#at = at + 1
    return true
  }

  /** As JavaScript writes it, so that number and text are one. */
  #integer(): boolean {
    const bytes = this.#bytes
    const start = bytes[this.#at] === minus ? this.#at + 1 : this.#at
    let at = start
    while (bytes[at]! >= zero && bytes[at]! <= nine) at++
    const digits = at - start
    if (digits === 0 || digits > safeDigits) return false
    if (bytes[start] === zero && (digits > 1 || start !== this.#at)) return false
    this.#at = at
    return bytes[at] === comma || bytes[at] === close || bytes[at] === closeList
  }
}

function newName(field: string, number: number): Name {
  const kind = ownNames.has(field) ? 'taken' : (catalogue.get(field) ?? 'rest')
  const ipv4 = ipv4Columns.get(field)
  return { number, field, bytes: Buffer.from(`"${field}":`), kind, kept: keptOf(field), ipv4, line: 0, follower: undefined }
}
