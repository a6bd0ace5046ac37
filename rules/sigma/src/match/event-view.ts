/**
 * One event as the matcher sees it, filled either from a line of JSON (line-reader.ts) or from an object (object-reader.ts).
 *
 * Columns are indexed by field number. A column's entry counts only where its stamp is the event's `generation`, so nothing is ever
 * cleared (a view serves `maxGeneration` events). The folded texts of fields stand in `scratch`, one behind the other: of field f `[start[f] … end[f])` holds `texts[f]` of
 * them, divided by `separator`; a null has no text. Fields that an index wants are folded while they are read (`scratch` up to
 * `indexedLength`), others when a predicate asks for them.
 */
import type { FlatEvent, Scalar } from '../ir/expression.ts'
import { parseJson, readEvent } from '../ir/event.ts'
import { fold, textOf } from '../ir/text.ts'
import { foldedByte, separator, special } from './bytes.ts'
import type { NameTable } from './name-table.ts'

/** How a field's value stands in the line. */
export const inObject = 0
/** A string of ASCII without escapes; the span is between the quotes. */
export const plainString = 1
/** A string with escapes or characters beyond ASCII. */
export const otherString = 2
/** A number whose text is its canonical text. */
export const plainNumber = 3
export const otherNumber = 4
export const literalTrue = 5
export const literalFalse = 6
export const literalNull = 7
/** An array of scalars; the span includes the brackets. */
export const array = 8

/** Twice a generation and one more still fits 31 bits. */
export const maxGeneration = 0x3ffffff0

export class EventView {
  generation = 1
  readonly fields: NameTable
  /** Stamps: the field has a value, null included. */
  readonly present: Int32Array
  /** Stamps: the field's folded text is in `scratch`. */
  readonly folded: Int32Array
  readonly start: Int32Array
  readonly end: Int32Array
  readonly texts: Int32Array
  /** The fields folded so far, `foldedCount` of them. */
  readonly foldedFields: Int32Array
  foldedCount = 0
  /** How and where in `bytes` the value stands. */
  readonly form: Uint8Array
  readonly rawStart: Int32Array
  readonly rawEnd: Int32Array
  bytes: Uint8Array = new Uint8Array(0)
  /** The line in `bytes`, unless the event came as an object. */
  fromLine = false
  lineStart = 0
  lineEnd = 0
  object: FlatEvent = {}
  /** By field: its value in `object`. */
  readonly objectValues: (Scalar | readonly Scalar[])[] = []

  scratch = new Uint8Array(1 << 14)
  /** Bytes of `scratch` in use. */
  length = 0
  indexedLength = 0

  /** Where the event's strings stand in `scratch`, in rising order; only filled where `everyStringKept`. A string may be listed twice. */
  everyStringKept = false
  strings = 0
  stringStart: Int32Array = new Int32Array(64)
  stringEnd: Int32Array = new Int32Array(64)

  readonly #valuesAt: Int32Array
  readonly #values: (readonly Scalar[])[] = []
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #encoder = new TextEncoder()

  constructor(fields: NameTable) {
    const count = fields.names.length
    this.fields = fields
    this.present = new Int32Array(count)
    this.folded = new Int32Array(count)
    this.start = new Int32Array(count)
    this.end = new Int32Array(count)
    this.texts = new Int32Array(count)
    this.foldedFields = new Int32Array(count)
    this.form = new Uint8Array(count)
    this.rawStart = new Int32Array(count)
    this.rawEnd = new Int32Array(count)
    this.#valuesAt = new Int32Array(count)
    for (let field = 0; field < count; field++) {
      this.#values.push([])
      this.objectValues.push(null)
    }
  }

  /** Forgets the event. `capacity` bytes of scratch are made sure of. */
  begin(capacity: number, keepEveryString: boolean): this {
    this.generation++
    this.length = 0
    this.indexedLength = 0
    this.foldedCount = 0
    this.strings = 0
    this.everyStringKept = keepEveryString
    if (this.scratch.length < capacity) this.scratch = new Uint8Array(capacity * 2)
    return this
  }

  has(field: number): boolean {
    return this.present[field] === this.generation
  }

  /** Puts the field's folded text into `scratch` if it is not there; of an absent field, none. */
  fold(field: number): void {
    if (this.folded[field] === this.generation) return
    const start = this.length
    let texts = 0
    if (this.has(field)) {
      const form = this.form[field]!
      if (form === plainString || form === plainNumber) {
        this.#copyFolded(this.rawStart[field]!, this.rawEnd[field]!)
        texts = 1
      } else if (form === inObject && !Array.isArray(this.objectValues[field]))
        texts = this.write(this.objectValues[field] as Scalar) ? 1 : 0
      else for (const value of this.values(field)) if (this.write(value)) texts++
    }
    this.noteFolded(field, start, texts)
  }

  /** The texts appended since `start`, so many of them, are the field's. */
  noteFolded(field: number, start: number, texts: number): void {
    this.folded[field] = this.generation
    this.foldedFields[this.foldedCount++] = field
    this.start[field] = start
    this.end[field] = texts === 0 ? start : this.length - 1
    this.texts[field] = texts
  }

  /** Appends the folded text of a value and a separator; false for null, which has none. */
  write(value: Scalar): boolean {
    if (value === null) return false
    const start = this.length
    this.#writeText(typeof value === 'string' ? value : String(value))
    if (typeof value === 'string' && this.everyStringKept) this.noteString(start, this.length)
    this.scratch[this.length++] = separator
    return true
  }

  noteString(start: number, end: number): void {
    if (this.strings === this.stringStart.length) {
      this.stringStart = doubled(this.stringStart)
      this.stringEnd = doubled(this.stringEnd)
    }
    this.stringStart[this.strings] = start
    this.stringEnd[this.strings++] = end
  }

  /** Ends the part of `scratch` that indexes look at. A window over its last bytes sees separators. */
  endOfIndexed(): void {
    this.indexedLength = this.length
    this.#reserve(4)
    for (let i = 0; i < 4; i++) this.scratch[this.length++] = separator
  }

  /** False where the way in which the field's value is written shows that it is not null and not missing. */
  mayHoldNull(field: number): boolean {
    const form = this.form[field]!
    return !this.has(field) || form === inObject || form === literalNull || form === array
  }

  /** The field's values, as the reference evaluator sees them. */
  values(field: number): readonly Scalar[] {
    if (!this.has(field)) return []
    if (this.#valuesAt[field] !== this.generation) {
      this.#valuesAt[field] = this.generation
      this.#values[field] = this.#parseValues(field)
    }
    return this.#values[field]!
  }

  /** Every string of the event, as it is written. */
  everyString(): readonly string[] {
    return Object.values(this.#wholeEvent()).flatMap((value) =>
      (Array.isArray(value) ? value : [value]).filter((member) => typeof member === 'string'),
    )
  }

  /** Fills `strings` if they were not kept while the event was read. */
  foldEveryString(): void {
    if (this.everyStringKept) return
    this.everyStringKept = true
    for (const text of this.everyString()) this.write(text)
  }

  #wholeEvent(): FlatEvent {
    if (!this.fromLine) return this.object
    return readEvent(this.#decoder.decode(this.bytes.subarray(this.lineStart, this.lineEnd)))
  }

  #parseValues(field: number): readonly Scalar[] {
    const start = this.rawStart[field]!
    const end = this.rawEnd[field]!
    switch (this.form[field]) {
      case inObject: {
        const value = this.objectValues[field]
        return Array.isArray(value) ? value : [value as Scalar]
      }
      case plainString:
        return [this.#decoder.decode(this.bytes.subarray(start, end))]
      case otherString:
        return [JSON.parse(this.#decoder.decode(this.bytes.subarray(start - 1, end + 1))) as string]
      case plainNumber:
        return [Number(this.#decoder.decode(this.bytes.subarray(start, end)))]
      case literalTrue:
        return [true]
      case literalFalse:
        return [false]
      case literalNull:
        return [null]
      default: {
        const value = parseJson(this.#decoder.decode(this.bytes.subarray(start, end)))
        return Array.isArray(value) ? value : [value as Scalar]
      }
    }
  }

  /** The number, boolean or null that stands at `[start, end)` of `bytes`; an integer beyond 2^53 as the text of its digits. */
  scalarAt(start: number, end: number): Scalar {
    return parseJson(this.#decoder.decode(this.bytes.subarray(start, end))) as Scalar
  }

  /** A string between its quotes at `[start, end)` of `bytes`, decoded and appended folded. */
  writeDecoded(start: number, end: number): void {
    this.#writeText(JSON.parse(this.#decoder.decode(this.bytes.subarray(start - 1, end + 1))) as string)
  }

  #copyFolded(start: number, end: number): void {
    this.#reserve(end - start + 1)
    const { bytes, scratch } = this
    let at = this.length
    for (let i = start; i < end; i++) scratch[at++] = foldedByte[bytes[i]!]!
    scratch[at++] = separator
    this.length = at
  }

  #writeText(text: string): void {
    this.#reserve(text.length + 1)
    const { scratch } = this
    const start = this.length
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) return this.#encode(fold(textOf(text)!), start)
      const folded = foldedByte[code]!
      scratch[start + i] = folded === special ? code : folded
    }
    this.length = start + text.length
  }

  #encode(text: string, start: number): void {
    this.#reserve(text.length * 3 + 1)
    this.length = start + this.#encoder.encodeInto(text, this.scratch.subarray(start)).written
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.scratch.length) return
    const larger = new Uint8Array((this.length + bytes) * 2)
    larger.set(this.scratch.subarray(0, this.length))
    this.scratch = larger
  }
}

function doubled(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}
