/** Tests single predicates on an event, each at most once, straight on its folded bytes where that is possible. */
import { separator } from './bytes.ts'
import type { EventView } from './event-view.ts'
import { everyString } from './name-table.ts'
import { byFields, contains, equals, exists, isNull, type Predicates, prefix } from './predicates.ts'

export class PredicateTester {
  readonly #predicates: Predicates
  readonly #view: EventView
  /** Twice the generation in which a predicate was decided, plus its truth. */
  readonly #state: Int32Array

  constructor(predicates: Predicates, view: EventView) {
    this.#predicates = predicates
    this.#view = view
    this.#state = new Int32Array(predicates.count)
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
    if (kind === isNull) return !view.has(field) || view.values(field).includes(null)
    if (kind === byFields) return this.#testFields(predicate, field)
    const test = this.#predicates.valueTests[predicate]!
    for (const value of view.values(field)) if (test(value)) return true
    return false
  }

  #testFields(predicate: number, field: number): boolean {
    const { other, holds } = this.#predicates.relations[predicate]!
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
    if (field === everyString) {
      view.foldEveryString()
      for (let i = 0; i < view.strings; i++) if (this.#testText(predicate, kind, view.stringStart[i]!, view.stringEnd[i]!)) return true
      return false
    }
    view.fold(field)
    const texts = view.texts[field]!
    if (texts === 0) return false
    const end = view.end[field]!
    let from = view.start[field]!
    if (texts === 1 || kind === contains) return this.#testText(predicate, kind, from, end)
    for (let left = texts; left > 0; left--) {
      const to = left === 1 ? end : view.scratch.indexOf(separator, from)
      if (this.#testText(predicate, kind, from, to)) return true
      from = to + 1
    }
    return false
  }

  #testText(predicate: number, kind: number, start: number, end: number): boolean {
    const { texts } = this.#predicates
    const length = texts.length[predicate]!
    const wanted = texts.start[predicate]!
    if (length > end - start) return false
    if (kind === equals) return length === end - start && this.#standsAt(start, wanted, length)
    if (kind === prefix) return this.#standsAt(start, wanted, length)
    if (kind !== contains) return this.#standsAt(end - length, wanted, length)
    if (length === 0) return true
    const { scratch } = this.#view
    const first = texts.bytes[wanted]
    for (let at = start, to = end - length; at <= to; at++) if (scratch[at] === first && this.#standsAt(at, wanted, length)) return true
    return false
  }

  #standsAt(start: number, wanted: number, length: number): boolean {
    const { scratch } = this.#view
    const { bytes } = this.#predicates.texts
    for (let i = 0; i < length; i++) if (scratch[start + i] !== bytes[wanted + i]) return false
    return true
  }
}
