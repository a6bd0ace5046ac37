import type { FlatEvent } from '../ir/expression.ts'
import type { CorrelationRule } from '../rule.ts'
import { WholeWindow } from './closing.ts'
import { decidesAtOnce } from './condition.ts'
import { CountingWindow } from './counting.ts'
import { OrderedWindow, TemporalWindow } from './temporal.ts'
import type { CorrelationHit, GroupSnapshot, RuleSnapshot, RuleStatistics, WindowSnapshot } from './types.ts'
import { distinctValues, groupsOf, numbersOf, type Group } from './values.ts'
import type { ClosingWindow, Outcome, SlidingWindow, WindowHit } from './window.ts'

export interface RuleLimits {
  readonly mostPerRule: number
  readonly mostReferences: number
}

/** A hit of a rule that this rule refers to as `source`. */
export interface SourceHit {
  readonly source: string
  readonly time: number
  readonly event: FlatEvent
  readonly references: readonly string[]
}

interface GroupState {
  readonly group: Group['values']
  last: number
  readonly window: SlidingWindow | ClosingWindow
}

/**
 * One correlation rule and its groups. Hits come in the order of their times. The map's order is the order in which groups end: of a rule that
 * decides at once, by their last hit; of the others, by their first.
 */
export class RuleState {
  readonly rule: CorrelationRule
  readonly #limits: RuleLimits
  readonly #groups = new Map<string, GroupState>()
  readonly #atOnce: boolean
  #size = 0
  #evicted = 0
  #unusable = 0

  constructor(rule: CorrelationRule, limits: RuleLimits, snapshot?: RuleSnapshot) {
    this.rule = rule
    this.#limits = limits
    this.#atOnce = decidesAtOnce(rule)
    if (snapshot?.definition !== definitionOf(rule)) return
    this.#evicted = snapshot.evicted
    this.#unusable = snapshot.unusable
    for (const { key, group, last, window } of snapshot.groups) {
      const state: GroupState = { group, last, window: this.#restored(window) }
      this.#groups.set(key, state)
      this.#size += state.window.size + 1
    }
  }

  /** What comes true with this hit. */
  add({ source, time, event, references }: SourceHit): CorrelationHit[] {
    const keys = this.rule.type === 'value_count' ? distinctValues(this.rule, source, event) : []
    const numbers = addsUp(this.rule) ? numbersOf(this.rule, source, event) : []
    const groups = groupsOf(this.rule, source, event)
    if (groups.length === 0 || (needsValues(this.rule) && keys.length + numbers.length === 0)) {
      this.#unusable++
      return []
    }
    const hit: WindowHit = { time, source, keys, numbers, references }
    const found = groups.flatMap((group) => this.#addToGroup(group, hit))
    this.#evict()
    return found
  }

  /** When the first window is over that waits for its end. */
  get nextClose(): number | undefined {
    if (this.#atOnce) return undefined
    const [first] = this.#groups.values()
    return first && opened(first) + this.rule.timespanMs
  }

  /** Closes the first window. */
  close(): CorrelationHit[] {
    const [first] = this.#groups
    if (first === undefined) return []
    const [key, state] = first
    this.#remove(key, state)
    const outcome = (state.window as ClosingWindow).close()
    return outcome === undefined ? [] : [this.#hitOf(state.group, outcome)]
  }

  /** Forgets groups that no hit after this time can complete. */
  expire(time: number): void {
    if (!this.#atOnce) return
    for (const [key, state] of this.#groups) {
      if (state.last > time - this.rule.timespanMs) return
      this.#remove(key, state)
    }
  }

  get statistics(): RuleStatistics {
    return { groups: this.#groups.size, size: this.#size, evicted: this.#evicted, unusable: this.#unusable }
  }

  snapshot(): RuleSnapshot {
    const groups = Array.from(this.#groups, ([key, { group, last, window }]): GroupSnapshot => {
      return { key, group, last, window: window.snapshot() }
    })
    return { id: this.rule.id, definition: definitionOf(this.rule), evicted: this.#evicted, unusable: this.#unusable, groups }
  }

  #addToGroup({ key, values }: Group, hit: WindowHit): CorrelationHit[] {
    const state = this.#groups.get(key) ?? { group: values, last: hit.time, window: this.#opened(hit.time) }
    state.last = hit.time
    const known = this.#groups.has(key)
    const before = known ? state.window.size + 1 : 0
    const outcome = state.window.add(hit)
    if (this.#atOnce && known) this.#groups.delete(key)
    this.#groups.set(key, state)
    this.#size += state.window.size + 1 - before
    if (this.#atOnce && state.window.size === 0) this.#remove(key, state)
    return outcome ? [this.#hitOf(state.group, outcome)] : []
  }

  #opened(time: number): SlidingWindow | ClosingWindow {
    return this.#atOnce ? this.#sliding() : new WholeWindow(this.rule, this.#limits.mostReferences, time)
  }

  #sliding(snapshot?: WindowSnapshot): SlidingWindow {
    const { mostReferences } = this.#limits
    if (this.rule.type === 'temporal_ordered') return new OrderedWindow(this.rule, mostReferences, snapshot)
    if (this.rule.type === 'temporal') return new TemporalWindow(this.rule, mostReferences, snapshot)
    return new CountingWindow(this.rule, mostReferences, snapshot)
  }

  #restored(snapshot: WindowSnapshot): SlidingWindow | ClosingWindow {
    if (this.#atOnce) return this.#sliding(snapshot)
    return new WholeWindow(this.rule, this.#limits.mostReferences, snapshot['opened'] as number, snapshot)
  }

  #evict(): void {
    for (const [key, state] of this.#groups) {
      if (this.#size <= this.#limits.mostPerRule) return
      this.#remove(key, state)
      this.#evicted++
    }
  }

  #remove(key: string, state: GroupState): void {
    this.#groups.delete(key)
    this.#size -= state.window.size + 1
  }

  #hitOf(group: Group['values'], outcome: Outcome): CorrelationHit {
    return { rule: this.rule, group, ...outcome }
  }
}

function opened(state: GroupState): number {
  return (state.window as ClosingWindow).opened
}

function addsUp({ type }: CorrelationRule): boolean {
  return type === 'value_sum' || type === 'value_avg' || type === 'value_median' || type === 'value_percentile'
}

function needsValues(rule: CorrelationRule): boolean {
  return rule.type === 'value_count' || addsUp(rule)
}

/** All that the meaning of a rule's state depends on. */
function definitionOf({ type, rules, aliases, groupBy, timespanMs, condition }: CorrelationRule): string {
  return JSON.stringify([type, rules, aliases, groupBy, timespanMs, condition])
}
