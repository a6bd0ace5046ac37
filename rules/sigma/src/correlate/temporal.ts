/** Rules that fire within a timespan of each other, in any order or in the order of `rules`. */
import type { CorrelationRule } from '../rule.ts'
import { fired, holds } from './condition.ts'
import type { WindowSnapshot } from './types.ts'
import { newest, type Outcome, type SlidingWindow, type WindowHit } from './window.ts'

/** In any order: the newest hit of each rule is enough. */
export class TemporalWindow implements SlidingWindow {
  readonly #rule: CorrelationRule
  readonly #mostReferences: number
  /** By rule, oldest first. */
  readonly #latest = new Map<string, WindowHit>()

  constructor(rule: CorrelationRule, mostReferences: number, snapshot?: WindowSnapshot) {
    this.#rule = rule
    this.#mostReferences = mostReferences
    for (const hit of (snapshot?.['latest'] ?? []) as readonly WindowHit[]) this.#latest.set(hit.source, hit)
  }

  get size(): number {
    return this.#latest.size
  }

  add(hit: WindowHit): Outcome | undefined {
    const { condition, timespanMs } = this.#rule
    this.#latest.delete(hit.source)
    this.#latest.set(hit.source, hit)
    for (const [source, { time }] of this.#latest) if (time <= hit.time - timespanMs) this.#latest.delete(source)
    const value = this.#latest.size
    const { expression } = condition
    if (expression === undefined ? !holds(condition, value) : !fired(expression, new Set(this.#latest.keys()))) return undefined
    const hits = [...this.#latest.values()]
    this.#latest.clear()
    return { value, hits: value, from: hits[0]!.time, to: hit.time, references: newest(hits, this.#mostReferences) }
  }

  snapshot(): WindowSnapshot {
    return { latest: [...this.#latest.values()] }
  }
}

/**
 * In order: for each number of rules, the chain of hits of that many first rules that began last. A chain that began later never does worse
 * than one that began earlier, so no other is kept. The rules that fire in one millisecond count in the order in which they came.
 */
export class OrderedWindow implements SlidingWindow {
  readonly #rule: CorrelationRule
  readonly #mostReferences: number
  readonly #needed: number
  /** Without gaps: a chain goes on from the one before it. */
  #chains: (readonly WindowHit[])[]

  constructor(rule: CorrelationRule, mostReferences: number, snapshot?: WindowSnapshot) {
    this.#rule = rule
    this.#mostReferences = mostReferences
    this.#needed = neededRules(rule)
    this.#chains = [...((snapshot?.['chains'] ?? []) as readonly (readonly WindowHit[])[])]
  }

  get size(): number {
    return this.#chains.reduce((size, chain) => size + chain.length, 0)
  }

  add(hit: WindowHit): Outcome | undefined {
    const { rules, timespanMs } = this.#rule
    // Backwards, so that one hit is not two links of a chain where a rule is listed twice.
    for (let at = this.#needed - 1; at >= 0; at--) {
      if (rules[at] !== hit.source) continue
      const before = at === 0 ? [] : this.#chains[at - 1]
      const began = before?.[0]?.time ?? hit.time
      if (before !== undefined && began > hit.time - timespanMs) this.#chains[at] = [...before, hit]
    }
    const chain = this.#chains[this.#needed - 1]
    if (chain === undefined) return undefined
    this.#chains = []
    return {
      value: chain.length,
      hits: chain.length,
      from: chain[0]!.time,
      to: hit.time,
      references: newest(chain, this.#mostReferences),
    }
  }

  snapshot(): WindowSnapshot {
    return { chains: [...this.#chains] }
  }
}

/** How many of the listed rules make the condition true: all of them, unless it says that fewer are enough. */
function neededRules({ condition, rules }: CorrelationRule): number {
  for (let count = 1; count < rules.length; count++) if (condition.comparisons.length > 0 && holds(condition, count)) return count
  return rules.length
}
