import type { Rejection } from '../ir/event.ts'
import type { FlatEvent } from '../ir/expression.ts'
import type { CompiledRule, LogSource } from '../rule.ts'
import { Engine } from './engine.ts'
import type { LogSourceFields } from './log-source.ts'

export interface MatcherOptions {
  /** Default: the fields `product`, `category` and `service`. */
  readonly logSourceFields?: LogSourceFields
  /** Try every rule on every event, whatever their log sources. */
  readonly all?: boolean
  /** Longer lines are rejected unread. Default: 1 MiB. */
  readonly maxLineBytes?: number
  /**
   * The matcher learns from the first events of a log source how to look for its rules, which takes it up to some tenths of a second
   * for thousands of rules. `automatic` (the default): when `match` or `matchLines` is next called; `manual`: in `maintain`.
   */
  readonly maintenance?: 'automatic' | 'manual'
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
  /**
   * Compiles the rules for events of a log source, which else happens at its first event and takes up to some tenths of a second for
   * thousands of rules.
   */
  prepare(logSource: LogSource): void
  /** Does one piece of maintenance, if any is due; false where none was. */
  maintain(): boolean
  statistics(): MatcherStatistics
}

/** What the matcher did since its rules were set. */
export interface MatcherStatistics {
  readonly events: number
  /** Rules tried on an event, over all events, those with the same condition once: the matcher's work. */
  readonly candidates: number
  readonly routes: readonly RouteStatistics[]
}

/** A log source of which there were events; a name that no rule has is `other`. */
export interface RouteStatistics {
  readonly logSource: LogSource
  readonly rules: number
  /** Conditions considered on every event, because nothing in them is worth looking for. */
  readonly alwaysTried: number
  /** Texts and fields that are looked for in every event. */
  readonly indexed: number
  readonly events: number
  readonly candidates: number
  /** Plans made from measurements. */
  readonly trainings: number
  /** Bytes of its tables, about. */
  readonly memory: number
}

const newline = 0x0a
const defaultFields: LogSourceFields = { product: 'product', category: 'category', service: 'service' }
const defaultMaxLineBytes = 1 << 20
const byteOrderMark = [0xef, 0xbb, 0xbf]

/**
 * A matcher of these rules, which are taken to be well-formed, as `loadRules` gives them: a regular expression that RE2 does not take
 * makes `match` and `matchLines` throw a SyntaxError when an event first reaches it.
 */
export function createMatcher(rules: readonly CompiledRule[], options: MatcherOptions = {}): Matcher {
  return new RuleMatcher(rules, options)
}

class RuleMatcher implements Matcher {
  rules: readonly CompiledRule[]
  #engine: Engine
  readonly #options: MatcherOptions
  readonly #maxLineBytes: number

  constructor(rules: readonly CompiledRule[], options: MatcherOptions) {
    this.rules = rules
    this.#options = options
    this.#maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes
    this.#engine = this.#newEngine(rules)
  }

  match(event: FlatEvent): readonly CompiledRule[] {
    const engine = this.#ready()
    const count = engine.matchEvent(event)
    return Array.from(engine.hits.subarray(0, count), (rule) => this.rules[rule]!)
  }

  matchLines(ndjson: Uint8Array, onHit: OnHit): MatchedLines {
    const engine = this.#ready()
    const rejected: RejectedLine[] = []
    let lines = 0
    const bytes = endingWithNewline(ndjson)
    let start = byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0
    for (let line = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(newline, start)
      if (!isBlank(bytes, start, end)) {
        lines++
        const found = end - start > this.#maxLineBytes ? 'oversized' : engine.matchLine(bytes, start, end)
        if (typeof found === 'string') rejected.push({ line, start, end, reason: found })
        else if (found === 1) onHit(line, start, end, engine.hits[0]!)
        else if (found > 1) for (const rule of engine.hits.slice(0, found)) onHit(line, start, end, rule)
      }
      start = end + 1
    }
    return { lines, rejected }
  }

  replaceRules(rules: readonly CompiledRule[]): void {
    this.#engine = this.#newEngine(rules)
    this.rules = rules
  }

  prepare(logSource: LogSource): void {
    this.#engine.prepare(logSource)
  }

  maintain(): boolean {
    return this.#engine.maintain()
  }

  statistics(): MatcherStatistics {
    const { routes } = this.#engine
    return {
      events: this.#engine.events,
      candidates: this.#engine.candidates,
      routes: Array.from(routes, ([key, route]) => ({
        logSource: this.#engine.describe(key),
        rules: route.rules.length,
        alwaysTried: route.plan.alwaysTried,
        indexed: route.plan.indexed,
        events: route.events,
        candidates: route.candidates,
        trainings: route.trainings,
        memory: route.plan.memory,
      })),
    }
  }

  #newEngine(rules: readonly CompiledRule[]): Engine {
    return new Engine(rules, this.#options.logSourceFields ?? defaultFields, this.#options.all ?? false)
  }

  /** The engine, after one piece of maintenance if the host leaves that to the matcher. */
  #ready(): Engine {
    if (this.#engine.isSpent) this.#engine = this.#newEngine(this.rules)
    if (this.#options.maintenance !== 'manual') this.#engine.maintain()
    return this.#engine
  }
}

/** The bytes, copied if need be, with a newline at their end. */
function endingWithNewline(ndjson: Uint8Array): Uint8Array {
  if (ndjson.length === 0 || ndjson[ndjson.length - 1] === newline) return ndjson
  const ended = new Uint8Array(ndjson.length + 1)
  ended.set(ndjson)
  ended[ndjson.length] = newline
  return ended
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x09 && bytes[at] !== 0x0d) return false
  return true
}
