/** Matches events against one set of rules: reads them, picks the route, tries the candidates. */
import { type Rejection, RejectedEvent, readEvent } from '../ir/event.ts'
import type { FlatEvent } from '../ir/expression.ts'
import type { CompiledRule, LogSource } from '../rule.ts'
import { CompiledSet } from './compiled-set.ts'
import { EventView, maxGeneration } from './event-view.ts'
import { assumedFrequencies } from './frequencies.ts'
import { LineReader } from './line-reader.ts'
import { dimensions, type LogSourceFields, LogSources } from './log-source.ts'
import { readObject } from './object-reader.ts'
import { PredicateTester } from './predicate-test.ts'
import { Route } from './route.ts'

/** More log sources than this are not kept ready at once. */
const maxRoutes = 256

export class Engine {
  readonly view: EventView
  /** After a match: the rules that are true, in rising order, the first `n` of them. */
  readonly hits: Int32Array
  events = 0
  candidates = 0
  readonly #set: CompiledSet
  readonly #logSources: LogSources
  readonly #logSourceFields: readonly number[]
  readonly #reader: LineReader
  readonly #tester: PredicateTester
  readonly #routes = new Map<number, Route>()
  /** Routes by a few bytes of a line: events of one log source begin alike, so the route is guessed before the line is read. */
  readonly #guesses: (Route | undefined)[] = Array.from({ length: 256 })
  readonly #keepNothing: Uint8Array
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #encoder = new TextEncoder()

  constructor(rules: readonly CompiledRule[], fields: LogSourceFields, all: boolean) {
    const names = dimensions.map((dimension) => fields[dimension])
    this.#set = new CompiledSet(rules, names)
    this.#logSourceFields = names.map((name) => this.#set.fields.add(name))
    this.#logSources = new LogSources(all ? rules.map((rule) => ({ ...rule, logSource: {} })) : rules, this.#logSourceFields)
    this.view = new EventView(this.#set.fields)
    this.#reader = new LineReader(this.view)
    this.#tester = new PredicateTester(this.#set.predicates, this.view)
    this.hits = new Int32Array(rules.length)
    this.#keepNothing = new Uint8Array(this.#set.fields.names.length)
  }

  /** An engine serves a bounded number of events. */
  get isSpent(): boolean {
    return this.view.generation >= maxGeneration
  }

  get routes(): ReadonlyMap<number, Route> {
    return this.#routes
  }

  describe(key: number): ReturnType<LogSources['describe']> {
    return this.#logSources.describe(key)
  }

  /** Matches the line `bytes[start … end)`, behind which a newline must stand; returns the count of `hits`, or why it is no event. */
  matchLine(bytes: Uint8Array, start: number, end: number): number | Rejection {
    const slot = (bytes[start + 2]! + bytes[start + 5]! * 3 + bytes[start + 8]! * 7) & 255
    const guess = this.#guesses[slot]
    const keep = guess === undefined ? this.#keepNothing : guess.plan.keep
    const keepEveryString = guess !== undefined && guess.plan.keepEveryString
    if (!this.#reader.read(bytes, start, end, keep, keepEveryString)) return this.#matchParsed(bytes, start, end)
    const route = this.#route()
    if (route !== guess) {
      this.#guesses[slot] = route
      if (route.plan.keepEveryString && !keepEveryString) this.#reader.read(bytes, start, end, route.plan.keep, true)
      else this.#foldKept(route)
    }
    if (route.isSampling) route.addSample(bytes, start, end)
    return this.#matchView(route)
  }

  /** Matches a parsed event, flat or nested; returns the count of `hits`. Throws RejectedEvent. */
  matchEvent(event: FlatEvent): number {
    readObject(this.view, event, this.#keepNothing, false)
    const route = this.#route()
    if (route.plan.keepEveryString) readObject(this.view, event, route.plan.keep, true)
    else this.#foldKept(route)
    if (route.isSampling) {
      const line = this.#encoder.encode(JSON.stringify(event))
      route.addSample(line, 0, line.length)
    }
    return this.#matchView(route)
  }

  /** Makes the route of a log source ready before its first event. */
  prepare(source: LogSource): void {
    const event = Object.fromEntries(
      dimensions.map((dimension, i) => [this.#set.fields.names[this.#logSourceFields[i]!]!, source[dimension] ?? '']),
    )
    readObject(this.view, event, this.#keepNothing, false)
    this.#route()
  }

  /** Improves the plan of one route for which enough events were sampled; false where none is due. */
  maintain(): boolean {
    for (const route of this.#routes.values()) {
      if (!route.isDue) continue
      route.train((sample, keep, keepEveryString) => this.#readSample(sample, keep, keepEveryString), this.view, this.#tester)
      return true
    }
    return false
  }

  #readSample(sample: Uint8Array, keep: Uint8Array, keepEveryString: boolean): boolean {
    if (this.#reader.read(sample, 0, sample.length - 1, keep, keepEveryString)) return true
    readObject(this.view, readEvent(this.#decoder.decode(sample)), keep, keepEveryString)
    return true
  }

  /** A line that the reader gives up on. */
  #matchParsed(bytes: Uint8Array, start: number, end: number): number | Rejection {
    try {
      return this.matchEvent(readEvent(this.#decoder.decode(bytes.subarray(start, end))))
    } catch (error) {
      if (error instanceof RejectedEvent) return error.reason
      throw error
    }
  }

  /** The route of the event in the view, made if it is the first of its kind. */
  #route(): Route {
    const key = this.#logSources.keyOf(this.view)
    const known = this.#routes.get(key)
    if (known !== undefined) return known
    const rules = this.#logSources.rulesFor(key)
    this.#set.compile(rules)
    this.#tester.extend(this.#set.predicates)
    const route = new Route(this.#set, rules, this.#logSourceFields, assumedFrequencies(this.#set.predicates.atoms))
    const [oldest] = this.#routes.keys()
    if (this.#routes.size >= maxRoutes && oldest !== undefined) this.#routes.delete(oldest)
    this.#routes.set(key, route)
    return route
  }

  #foldKept(route: Route): void {
    const { view } = this
    for (const field of route.plan.keptFields) if (view.has(field)) view.fold(field)
    view.endOfIndexed()
  }

  #matchView(route: Route): number {
    const { plan } = route
    const hits = plan.match(this.view, this.#tester, this.hits)
    route.noteEvent(plan.tried)
    this.events++
    this.candidates += plan.tried
    sortFirst(this.hits, hits)
    return hits
  }
}

/** Sorts the first `count` numbers, which are few. */
function sortFirst(numbers: Int32Array, count: number): void {
  if (count > 32) numbers.subarray(0, count).sort()
  else
    for (let i = 1; i < count; i++) {
      const number = numbers[i]!
      let at = i
      for (; at > 0 && numbers[at - 1]! > number; at--) numbers[at] = numbers[at - 1]!
      numbers[at] = number
    }
}
