/** The rules of one log source, their present plan, and the sample of events from which a better plan is made. */
import type { CompiledSet } from './compiled-set.ts'
import type { EventView } from './event-view.ts'
import type { Frequencies } from './frequencies.ts'
import { Plan } from './plan.ts'
import type { PredicateTester } from './predicate-test.ts'
import { measureFrequencies, type ReadSample } from './training.ts'

const sampleEvents = 384
const sampleBytes = 1 << 20
/** Events after which it is first asked whether the plan still fits; the time is doubled with each new plan. */
const firstReview = 8192
/** Too few rules for a plan to be worth improving. */
const fewRules = 8

export class Route {
  readonly rules: Int32Array
  plan: Plan
  events = 0
  candidates = 0
  /** Plans made from measurements. */
  trainings = 0
  readonly #set: CompiledSet
  readonly #keepAlways: readonly number[]
  #frequencies: Frequencies
  #sampling: boolean
  #samples: Uint8Array[] = []
  #sampledBytes = 0
  /** Candidates an event just after the plan was made. */
  #usual: number | undefined
  #reviewAfter = firstReview
  #eventsAtReview = 0
  #candidatesAtReview = 0

  constructor(set: CompiledSet, rules: Int32Array, keepAlways: readonly number[], frequencies: Frequencies) {
    this.rules = rules
    this.#set = set
    this.#keepAlways = keepAlways
    this.#frequencies = frequencies
    this.#sampling = rules.length > fewRules
    this.plan = new Plan(set, rules, keepAlways, frequencies)
  }

  get isSampling(): boolean {
    return this.#sampling
  }

  /** Whether `train` should be called. */
  get isDue(): boolean {
    return this.#sampling && (this.#samples.length >= sampleEvents || this.#sampledBytes >= sampleBytes)
  }

  /** Keeps a copy of an event, as a line of JSON. */
  addSample(bytes: Uint8Array, start: number, end: number): void {
    if (this.isDue) return
    const copy = new Uint8Array(end - start + 1)
    copy.set(bytes.subarray(start, end))
    copy[end - start] = 0x0a
    this.#samples.push(copy)
    this.#sampledBytes += copy.length
  }

  noteEvent(candidates: number): void {
    this.events++
    this.candidates += candidates
    if (this.events - this.#eventsAtReview >= this.#reviewAfter) this.#review()
  }

  /** Makes a plan from the sampled events and puts it in the place of the present one. */
  train(read: ReadSample, view: EventView, tester: PredicateTester): void {
    this.#frequencies = measureFrequencies(this.#set, this.rules, this.#samples, read, view, tester, this.#frequencies)
    this.plan = new Plan(this.#set, this.rules, this.#keepAlways, this.#frequencies)
    this.#samples = []
    this.#sampledBytes = 0
    this.#sampling = false
    this.#usual = undefined
    this.trainings++
    this.#beginReview()
  }

  #beginReview(): void {
    this.#eventsAtReview = this.events
    this.#candidatesAtReview = this.candidates
  }

  /** Samples anew where events have become very different from those that the plan was made for. */
  #review(): void {
    const rate = (this.candidates - this.#candidatesAtReview) / (this.events - this.#eventsAtReview)
    this.#beginReview()
    if (this.#sampling) return
    this.#usual ??= rate
    if (rate <= 2 * this.#usual + 2) return
    this.#sampling = true
    this.#reviewAfter *= 2
  }
}
