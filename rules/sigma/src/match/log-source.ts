/** Which rules apply to an event, by the log source that its fields name. */
import { valuesOf } from '../ir/evaluate.ts'
import type { FlatEvent } from '../ir/expression.ts'
import { fold, textOf } from '../ir/text.ts'
import type { CompiledRule, LogSource } from '../rule.ts'
import type { EventView } from './event-view.ts'
import { hashOf, NameTable } from './name-table.ts'

/** The event's fields that name its log source. */
export interface LogSourceFields {
  readonly product: string
  readonly category: string
  readonly service: string
}

export const dimensions = ['product', 'category', 'service'] as const

/** A dimension's name as a number: not named, or a name that no rule has; other names follow. */
const unnamed = 0
const foreign = 1

const noPath = new Uint8Array(0)

export class LogSources {
  readonly #names = dimensions.map(() => new NameTable())
  /** The numbers of the fields of each dimension. */
  readonly #fields: readonly number[]
  /** By rule: the names of its dimensions. */
  readonly #ofRule: readonly (readonly number[])[]

  constructor(rules: readonly CompiledRule[], fields: readonly number[]) {
    this.#fields = fields
    this.#ofRule = rules.map(({ logSource }) =>
      dimensions.map((dimension, i) => {
        const name = logSource[dimension]
        return name ? foreign + this.#names[i]!.add(fold(name)) : unnamed
      }),
    )
  }

  /** A number for the event's log source: the same for two events if the same rules apply to them by their names. */
  keyOf(view: EventView): number {
    let key = 0
    for (let i = 0; i < dimensions.length; i++) key = key * (this.#names[i]!.names.length + 1) + this.#nameOf(view, i)
    return key
  }

  /** A dimension is named by a field with one text that is not empty. */
  #nameOf(view: EventView, dimension: number): number {
    const field = this.#fields[dimension]!
    if (!view.has(field)) return unnamed
    view.fold(field)
    const start = view.start[field]!
    const end = view.end[field]!
    if (view.texts[field] !== 1 || start === end) return unnamed
    const found = this.#names[dimension]!.find(hashOf(view.scratch, start, end), noPath, 0, view.scratch, start, end)
    return found < 0 ? foreign : foreign + found
  }

  /** The rules that apply to events with the key. */
  rulesFor(key: number): Int32Array {
    const event: number[] = []
    let left = key
    for (let i = dimensions.length - 1; i >= 0; i--) {
      const count = this.#names[i]!.names.length + 1
      event[i] = left % count
      left = Math.floor(left / count)
    }
    const applies = (rule: readonly number[]) => rule.every((name, i) => name === unnamed || event[i] === unnamed || name === event[i])
    return Int32Array.from(this.#ofRule.keys()).filter((rule) => applies(this.#ofRule[rule]!))
  }

  /** The log source with the key, for people: names that no rule has are `other`. */
  describe(key: number): LogSource {
    const source: { -readonly [dimension in keyof LogSource]: LogSource[dimension] } = {}
    let left = key
    for (let i = dimensions.length - 1; i >= 0; i--) {
      const { names } = this.#names[i]!
      const name = left % (names.length + 1)
      if (name !== unnamed) source[dimensions[i]!] = name === foreign ? 'other' : names[name - foreign]!
      left = Math.floor(left / (names.length + 1))
    }
    return source
  }
}

/** The log source that an event names, for people and for tests: a dimension is named by a field with one text that is not empty. */
export function logSourceOf(event: FlatEvent, fields: LogSourceFields): LogSource {
  const source: { -readonly [dimension in keyof LogSource]: LogSource[dimension] } = {}
  for (const dimension of dimensions) {
    const texts = valuesOf(event, fields[dimension]).flatMap((value) => textOf(value) ?? [])
    if (texts.length === 1 && texts[0] !== '') source[dimension] = texts[0]!
  }
  return source
}

/** A rule does not apply where it and the event both name a dimension of the log source and differ in it. */
export function appliesTo(rule: LogSource, event: LogSource): boolean {
  return dimensions.every((dimension) => {
    const wanted = rule[dimension]
    const actual = event[dimension]
    return !wanted || !actual || fold(wanted) === fold(actual)
  })
}
