/** Tests single predicates on an event, each at most once, straight on its folded bytes where that is possible. */
import { separator } from './bytes.ts'
import type { EventView } from './event-view.ts'
import { everyString } from './name-table.ts'
import { type ByteRun, byFields, contains, equals, exists, isNull, type Predicates, prefix, presence, type Texts } from './predicates.ts'

export class PredicateTester {
  #predicates: Predicates
  readonly #view: EventView
  /** Twice the generation in which a predicate was decided, plus its truth. */
  #state: Int32Array

  constructor(predicates: Predicates, view: EventView) {
    this.#predicates = predicates
    this.#view = view
    this.#state = new Int32Array(predicates.count)
  }

  /** From now on these, which begin with those known so far. */
  extend(predicates: Predicates): void {
    const state = new Int32Array(predicates.count)
    state.set(this.#state)
    this.#predicates = predicates
    this.#state = state
  }

  setTrue(predicate: number): void {
    this.#state[predicate] = this.#view.generation * 2 + 1
  }

  /** Whether `setTrue` was called for the predicate or a test found it true. */
  isKnownTrue(predicate: number): boolean {
    return this.#state[predicate] === this.#view.generation * 2 + 1
  }

  holds(predicate: number): boolean {
    const now = this.#view.generation * 2
    const state = this.#state[predicate]!
    if (state >= now) return state > now
    const truth = this.#test(predicate)
    this.#state[predicate] = truth ? now + 1 : now
    return truth
  }

  #test(predicate: number): boolean {
    const kind = this.#predicates.kind[predicate]!
    const field = this.#predicates.field[predicate]!
    if (kind <= contains) return this.#testBytes(predicate, kind, field)
    if (field === everyString) return this.#testStrings(predicate, kind)
    const view = this.#view
    if (kind === exists) return view.has(field)
    if (kind === isNull) return view.mayHoldNull(field) && (!view.has(field) || view.values(field).includes(null))
    if (kind === byFields) return this.#testFields(predicate, field)
    if (this.#isScreenedOut(predicate, field)) return false
    const test = this.#predicates.valueTests[predicate]!
    for (const value of view.values(field)) if (test(value)) return true
    return false
  }

  /** Whether the folded bytes alone show that a test of values is false: they are too short, or lack what it cannot be true without. */
  #isScreenedOut(predicate: number, field: number): boolean {
    const { atoms, atomsOf, leastBytes, runs } = this.#predicates
    const first = atomsOf.start[predicate]!
    const last = atomsOf.start[predicate + 1]!
    if (first === last || (atoms.kind[atomsOf.items[first]!] === presence && leastBytes[predicate] === 0)) return false
    const view = this.#view
    view.fold(field)
    if (view.texts[field] === 0 || view.end[field]! - view.start[field]! < leastBytes[predicate]!) return true
    const run = runs[predicate]
    if (run !== undefined && !this.#hasRun(run, field)) return true
    for (let i = first; i < last; i++) {
      const atom = atomsOf.items[i]!
      if (atoms.kind[atom] === presence || this.#holdsText(atoms.texts, atom, atoms.kind[atom]!, field)) return false
    }
    return true
  }

  /** Whether the field's bytes hold the run. Looks at every `count`th byte: a run covers one of them. */
  #hasRun({ isMember, count }: ByteRun, field: number): boolean {
    const { scratch, start, end } = this.#view
    const to = end[field]!
    for (let at = start[field]! + count - 1; at < to; at += count) {
      if (isMember[scratch[at]!] === 0) continue
      let first = at
      while (first > start[field]! && isMember[scratch[first - 1]!] === 1) first--
      while (at + 1 < to && at - first + 1 < count && isMember[scratch[at + 1]!] === 1) at++
      if (at - first + 1 >= count) return true
    }
    return false
  }

  #testFields(predicate: number, field: number): boolean {
    const { other, kind, holds } = this.#predicates.relations[predicate]!
    if (kind <= contains && field !== everyString && other !== everyString) {
      const view = this.#view
      view.fold(field)
      view.fold(other)
      if (view.texts[field] === 0 || view.texts[other] === 0) return false
      if (view.texts[field] === 1 && view.texts[other] === 1) {
        const start = view.start[other]!
        return this.#testText(view.scratch, start, view.end[other]! - start, kind, view.start[field]!, view.end[field]!)
      }
    }
    const others = other === everyString ? this.#view.everyString() : this.#view.values(other)
    const values = field === everyString ? this.#view.everyString() : this.#view.values(field)
    return others.some((right) => values.some((left) => holds(left, right)))
  }

  /** A test that is not of folded bytes, on every string of the event. */
  #testStrings(predicate: number, kind: number): boolean {
    if (kind === byFields) return this.#testFields(predicate, everyString)
    const strings = this.#view.everyString()
    if (kind === exists) return strings.length > 0
    if (kind === isNull) return strings.length === 0
    return strings.some(this.#predicates.valueTests[predicate]!)
  }

  #testBytes(predicate: number, kind: number, field: number): boolean {
    const view = this.#view
    const { texts } = this.#predicates
    if (field !== everyString) {
      view.fold(field)
      return this.#holdsText(texts, predicate, kind, field)
    }
    view.foldEveryString()
    const wanted = texts.start[predicate]!
    const length = texts.length[predicate]!
    for (let i = 0; i < view.strings; i++) {
      if (this.#testText(texts.bytes, wanted, length, kind, view.stringStart[i]!, view.stringEnd[i]!)) return true
    }
    return false
  }

  /** Whether a text of the field, which is folded, is, begins with, ends with or contains a text of a table. */
  #holdsText(table: Texts, text: number, kind: number, field: number): boolean {
    const view = this.#view
    const texts = view.texts[field]!
    if (texts === 0) return false
    const wanted = table.start[text]!
    const length = table.length[text]!
    const end = view.end[field]!
    let from = view.start[field]!
    if (texts === 1 || kind === contains) return this.#testText(table.bytes, wanted, length, kind, from, end)
    for (let left = texts; left > 0; left--) {
      const to = left === 1 ? end : view.scratch.indexOf(separator, from)
      if (this.#testText(table.bytes, wanted, length, kind, from, to)) return true
      from = to + 1
    }
    return false
  }

  /** Compares `bytes[wanted … wanted + length)` with the text at `[start, end)` of the scratch. */
  #testText(bytes: Uint8Array, wanted: number, length: number, kind: number, start: number, end: number): boolean {
    if (length > end - start) return false
    if (kind === equals) return length === end - start && this.#standsAt(bytes, start, wanted, length)
    if (kind === prefix) return this.#standsAt(bytes, start, wanted, length)
    if (kind !== contains) return this.#standsAt(bytes, end - length, wanted, length)
    if (length === 0) return true
    const { scratch } = this.#view
    const first = bytes[wanted]
    for (let at = start, to = end - length; at <= to; at++)
      if (scratch[at] === first && this.#standsAt(bytes, at, wanted, length)) return true
    return false
  }

  #standsAt(bytes: Uint8Array, start: number, wanted: number, length: number): boolean {
    const { scratch } = this.#view
    for (let i = 0; i < length; i++) if (scratch[start + i] !== bytes[wanted + i]) return false
    return true
  }
}
