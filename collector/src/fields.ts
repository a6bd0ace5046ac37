import type { FieldValue } from '@vonggac/contract'
import { fieldNames, idOf, nameOf, type FieldId } from './field-names.ts'

/** A field by its name or, where that is looked up with each event, by its number: `fieldId` gives it once. */
export type FieldName = string | FieldId

/**
 * Fields of an event while it is made: a map that keeps the order in which they were first set, as Map does, and is used for one event after the other.
 * Values stand in an array by the number of their name, so that nothing is hashed and nothing is allocated for an event. Names come from senders
 * (`__proto__` is a name like any other), so it is no object.
 */
export class Fields {
  /** By number; `undefined` where there is no such field. */
  readonly #values: (FieldValue | undefined)[] = []
  /** By number: the place in the order, for fields that are there. */
  readonly #places: number[] = []
  /** Numbers of names; -1 for a field that was deleted since. */
  readonly #order: FieldId[] = []
  #ordered = 0
  #size = 0

  constructor(entries: Iterable<readonly [name: string, value: FieldValue]> = []) {
    for (const [name, value] of entries) this.set(name, value)
  }

  get size(): number {
    return this.#size
  }

  get(name: FieldName): FieldValue | undefined {
    return this.#values[typeof name === 'number' ? name : idOf(name)]
  }

  has(name: FieldName): boolean {
    return this.get(name) !== undefined
  }

  set(name: FieldName, value: FieldValue): void {
    const id = typeof name === 'number' ? name : idOf(name)
    if (id >= this.#values.length) this.#grow()
    if (this.#values[id] === undefined) {
      this.#places[id] = this.#ordered
      this.#order[this.#ordered++] = id
      this.#size++
    }
    this.#values[id] = value
  }

  delete(name: FieldName): void {
    const id = typeof name === 'number' ? name : idOf(name)
    if (this.get(id) === undefined) return
    this.#values[id] = undefined
    this.#order[this.#places[id]!] = -1
    this.#size--
  }

  clear(): void {
    for (let place = 0; place < this.#ordered; place++) {
      const id = this.#order[place]!
      if (id >= 0) this.#values[id] = undefined
    }
    this.#ordered = 0
    this.#size = 0
    if (this.#values.length < fieldNames()) this.#grow()
  }

  /** In their order; fields that are set meanwhile come too. */
  each(visit: (id: FieldId, value: FieldValue) => void): void {
    for (let place = 0; place < this.#ordered; place++) {
      const id = this.#order[place]!
      if (id >= 0) visit(id, this.#values[id]!)
    }
  }

  *keys(): Generator<string> {
    for (const [name] of this) yield name
  }

  *[Symbol.iterator](): Generator<[name: string, value: FieldValue]> {
    for (let place = 0; place < this.#ordered; place++) {
      const id = this.#order[place]!
      if (id >= 0) yield [nameOf(id), this.#values[id]!]
    }
  }

  /** An array with holes, or one that is written to far behind its end, is slow for ever. */
  #grow(): void {
    for (let id = this.#values.length; id < fieldNames(); id++) {
      this.#values.push(undefined)
      this.#places.push(0)
    }
  }
}
