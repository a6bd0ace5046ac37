import { type Rejection, RejectedEvent, readEvent } from '../ir/event.ts'
import { evaluate, valuesOf } from '../ir/evaluate.ts'
import type { FlatEvent } from '../ir/expression.ts'
import { fold, textOf } from '../ir/text.ts'
import type { CompiledRule, LogSource } from '../rule.ts'

/** The event's fields that name its log source. */
export interface LogSourceFields {
  readonly product: string
  readonly category: string
  readonly service: string
}

export interface MatcherOptions {
  /** Default: the fields `product`, `category` and `service`. */
  readonly logSourceFields?: LogSourceFields
  /** Try every rule on every event, whatever their log sources. */
  readonly all?: boolean
}

/** A line that is no event, and where it stands: its number from 0 and its bytes [start, end) in the given buffer. */
export interface RejectedLine {
  readonly line: number
  readonly start: number
  readonly end: number
  readonly reason: Rejection
}

export interface MatchedLines {
  /** Lines that hold anything, rejected ones included. */
  readonly lines: number
  readonly rejected: readonly RejectedLine[]
}

/** Called once for each rule that is true of a line: the line's number from 0, its bytes [start, end), the rule's index in `rules`. */
export type OnHit = (line: number, start: number, end: number, rule: number) => void

export interface Matcher {
  readonly rules: readonly CompiledRule[]
  /** The rules true of one event, flat or nested, in the order of `rules`. */
  match(event: FlatEvent): readonly CompiledRule[]
  /** Matches each line of NDJSON; the last line need not end with a newline. */
  matchLines(ndjson: Uint8Array, onHit: OnHit): MatchedLines
  /** From the next call on, these rules are the ones matched. */
  replaceRules(rules: readonly CompiledRule[]): void
}

const dimensions = ['product', 'category', 'service'] as const

const newline = 0x0a

/** A matcher of these rules. Throws a SyntaxError, on the first event, for a regular expression that RE2 does not take. */
export function createMatcher(rules: readonly CompiledRule[], options: MatcherOptions = {}): Matcher {
  return new RuleMatcher(rules, options)
}

class RuleMatcher implements Matcher {
  rules: readonly CompiledRule[]
  readonly #fields: LogSourceFields
  readonly #all: boolean

  constructor(rules: readonly CompiledRule[], options: MatcherOptions) {
    this.rules = rules
    this.#fields = options.logSourceFields ?? { product: 'product', category: 'category', service: 'service' }
    this.#all = options.all ?? false
  }

  match(event: FlatEvent): readonly CompiledRule[] {
    return this.#indexesOf(event).flatMap((index) => this.rules[index] ?? [])
  }

  matchLines(ndjson: Uint8Array, onHit: OnHit): MatchedLines {
    const rejected: RejectedLine[] = []
    const decoder = new TextDecoder()
    let lines = 0
    for (let line = 0, start = 0; start < ndjson.length; line++) {
      const found = ndjson.indexOf(newline, start)
      const end = found < 0 ? ndjson.length : found
      const text = decoder.decode(ndjson.subarray(start, end))
      if (text.trim() !== '') {
        lines++
        try {
          for (const rule of this.#indexesOf(readEvent(text))) onHit(line, start, end, rule)
        } catch (error) {
          if (!(error instanceof RejectedEvent)) throw error
          rejected.push({ line, start, end, reason: error.reason })
        }
      }
      start = end + 1
    }
    return { lines, rejected }
  }

  replaceRules(rules: readonly CompiledRule[]): void {
    this.rules = rules
  }

  #indexesOf(event: FlatEvent): number[] {
    const source = this.#logSourceOf(event)
    const indexes: number[] = []
    for (const [index, rule] of this.rules.entries()) {
      if ((this.#all || appliesTo(rule.logSource, source)) && evaluate(rule.expression, event)) indexes.push(index)
    }
    return indexes
  }

  #logSourceOf(event: FlatEvent): LogSource {
    const source: { -readonly [dimension in keyof LogSource]: LogSource[dimension] } = {}
    for (const dimension of dimensions) {
      const [value = null, ...more] = valuesOf(event, this.#fields[dimension])
      const text = textOf(value)
      if (text !== undefined && more.length === 0) source[dimension] = text
    }
    return source
  }
}

/** A rule does not apply where it and the event both name a dimension of the log source and differ in it. */
export function appliesTo(rule: LogSource, event: LogSource): boolean {
  return dimensions.every((dimension) => {
    const wanted = rule[dimension]
    const actual = event[dimension]
    return !wanted || !actual || fold(wanted) === fold(actual)
  })
}
