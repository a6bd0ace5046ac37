/** Counts, distinct values and sums of a sliding window, kept up as hits come and go. */
import type { CorrelationRule } from '../rule.ts'
import { holds } from './condition.ts'
import type { WindowSnapshot } from './types.ts'
import { newest, type Outcome, type SlidingWindow, type WindowHit } from './window.ts'

/** Hits that have left are cut off the front of the list when they are half of it, and so many. */
const slack = 16

export class CountingWindow implements SlidingWindow {
  readonly #rule: CorrelationRule
  readonly #mostReferences: number
  #hits: WindowHit[] = []
  #first = 0
  readonly #distinct = new Map<string, number>()
  #sum = 0

  constructor(rule: CorrelationRule, mostReferences: number, snapshot?: WindowSnapshot) {
    this.#rule = rule
    this.#mostReferences = mostReferences
    for (const hit of (snapshot?.['hits'] ?? []) as readonly WindowHit[]) this.#enter(hit)
  }

  get size(): number {
    return this.#hits.length - this.#first
  }

  add(hit: WindowHit): Outcome | undefined {
    this.#leaveUntil(hit.time - this.#rule.timespanMs)
    this.#enter(hit)
    const value = this.#value()
    if (!holds(this.#rule.condition, value)) return undefined
    const hits = this.#hits.slice(this.#first)
    this.#clear()
    return { value, hits: hits.length, from: hits[0]!.time, to: hit.time, references: newest(hits, this.#mostReferences) }
  }

  snapshot(): WindowSnapshot {
    return { hits: this.#hits.slice(this.#first) }
  }

  #value(): number {
    switch (this.#rule.type) {
      case 'value_count':
        return this.#distinct.size
      case 'value_sum':
        return this.#sum
      default:
        return this.size
    }
  }

  #enter(hit: WindowHit): void {
    this.#hits.push(hit)
    for (const key of hit.keys) this.#distinct.set(key, (this.#distinct.get(key) ?? 0) + 1)
    for (const number of hit.numbers) this.#sum += number
  }

  #leaveUntil(time: number): void {
    for (let hit = this.#hits[this.#first]; hit !== undefined && hit.time <= time; hit = this.#hits[this.#first]) {
      this.#first++
      for (const key of hit.keys) {
        const left = (this.#distinct.get(key) ?? 0) - 1
        if (left > 0) this.#distinct.set(key, left)
        else this.#distinct.delete(key)
      }
      for (const number of hit.numbers) this.#sum -= number
    }
    if (this.#first === this.#hits.length) this.#clear()
    else if (this.#first >= slack && this.#first * 2 >= this.#hits.length) {
      this.#hits = this.#hits.slice(this.#first)
      this.#first = 0
      // Adding up anew takes away what rounding has left in the sum.
      this.#sum = this.#hits.reduce((sum, { numbers }) => numbers.reduce((part, number) => part + number, sum), 0)
    }
  }

  #clear(): void {
    this.#hits = []
    this.#first = 0
    this.#distinct.clear()
    this.#sum = 0
  }
}
