/** A window that is decided when it is over: for averages, percentiles, and conditions that more hits can make false. */
import type { CorrelationRule } from '../rule.ts'
import { fired, holds } from './condition.ts'
import type { WindowSnapshot } from './types.ts'
import type { ClosingWindow, Outcome, WindowHit } from './window.ts'

export class WholeWindow implements ClosingWindow {
  readonly opened: number
  readonly #rule: CorrelationRule
  readonly #mostReferences: number
  #last: number
  #hits = 0
  readonly #sources: Set<string>
  readonly #distinct: Set<string>
  #sum: number
  #added: number
  /** Only where a percentile needs them all. */
  readonly #numbers: number[]
  readonly #keepsNumbers: boolean
  readonly #references: string[]

  constructor(rule: CorrelationRule, mostReferences: number, opened: number, snapshot: WindowSnapshot = {}) {
    this.opened = opened
    this.#rule = rule
    this.#mostReferences = mostReferences
    this.#last = (snapshot['last'] ?? opened) as number
    this.#hits = (snapshot['hits'] ?? 0) as number
    this.#sources = new Set((snapshot['sources'] ?? []) as string[])
    this.#distinct = new Set((snapshot['distinct'] ?? []) as string[])
    this.#sum = (snapshot['sum'] ?? 0) as number
    this.#added = (snapshot['added'] ?? 0) as number
    this.#keepsNumbers = rule.type === 'value_percentile' || rule.type === 'value_median'
    this.#numbers = [...((snapshot['numbers'] ?? []) as number[])]
    this.#references = [...((snapshot['references'] ?? []) as string[])]
  }

  get size(): number {
    return this.#distinct.size + this.#numbers.length + this.#references.length
  }

  add(hit: WindowHit): void {
    this.#last = hit.time
    this.#hits++
    this.#sources.add(hit.source)
    for (const key of hit.keys) this.#distinct.add(key)
    for (const number of hit.numbers) {
      this.#sum += number
      this.#added++
      if (this.#keepsNumbers) this.#numbers.push(number)
    }
    this.#references.push(...hit.references)
    if (this.#references.length > this.#mostReferences * 2) this.#references.splice(0, this.#references.length - this.#mostReferences)
  }

  close(): Outcome | undefined {
    const { condition } = this.#rule
    const value = this.#value()
    if (condition.expression === undefined ? !holds(condition, value) : !fired(condition.expression, this.#sources)) return undefined
    return { value, hits: this.#hits, from: this.opened, to: this.#last, references: this.#references.slice(-this.#mostReferences) }
  }

  snapshot(): WindowSnapshot {
    return {
      opened: this.opened,
      last: this.#last,
      hits: this.#hits,
      sources: [...this.#sources],
      distinct: [...this.#distinct],
      sum: this.#sum,
      added: this.#added,
      numbers: [...this.#numbers],
      references: this.#references.slice(-this.#mostReferences),
    }
  }

  #value(): number {
    const { type, condition } = this.#rule
    switch (type) {
      case 'event_count':
        return this.#hits
      case 'value_count':
        return this.#distinct.size
      case 'value_sum':
        return this.#sum
      case 'value_avg':
        return this.#sum / this.#added
      case 'value_median':
        return percentile(this.#numbers, 50)
      case 'value_percentile':
        return percentile(this.#numbers, condition.percentile ?? 50)
      case 'temporal':
      case 'temporal_ordered':
        return this.#sources.size
    }
  }
}

/** The percentile of at least one number, between the two closest ranks, in proportion (method 7 of Hyndman and Fan 1996, as in R, NumPy and SQL's percentile_cont). */
export function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const rank = ((sorted.length - 1) * percent) / 100
  const low = sorted[Math.floor(rank)]!
  const high = sorted[Math.ceil(rank)]!
  return low + (high - low) * (rank - Math.floor(rank))
}
