import type { FlatEvent } from '../ir/expression.ts'
import type { CorrelationRule } from '../rule.ts'
import { Pending } from './pending.ts'
import { RuleState } from './rule-state.ts'
import type {
  CorrelationHit,
  Correlator,
  CorrelatorOptions,
  CorrelatorSnapshot,
  CorrelatorStatistics,
  PendingSnapshot,
  Reception,
  Referable,
  RuleHit,
} from './types.ts'
import { fieldOf } from './values.ts'

/**
 * A correlator of these rules over hits of the given detection rules, from the start or from a snapshot. In a snapshot, rules that have
 * changed since are left out, so they start anew. Throws an Error where a rule refers to one that is not given, or to itself.
 */
export function createCorrelator(
  correlations: readonly CorrelationRule[],
  rules: readonly Referable[],
  options: CorrelatorOptions = {},
  snapshot?: CorrelatorSnapshot,
): Correlator {
  return new StateMachine(correlations, rules, options, snapshot)
}

/** By id of a referenced rule, the fields of its hits that the correlations read; rules that are not in it feed none. */
export function correlatedFields(
  correlations: readonly CorrelationRule[],
  rules: readonly Referable[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const limits = { mostPerRule: 0, mostReferences: 0 }
  return fieldsRead(
    usesOf(
      correlations.map((rule) => new RuleState(rule, limits)),
      rules,
    ),
  )
}

/** A correlation that refers to a rule, and how it writes that. */
interface Use {
  readonly state: RuleState
  readonly source: string
}

class StateMachine implements Correlator {
  readonly rules: readonly CorrelationRule[]
  readonly #latenessMs: number
  readonly #aheadMs: number
  readonly #mostPending: number
  readonly #states: readonly RuleState[]
  readonly #uses: ReadonlyMap<string, readonly Use[]>
  readonly #fields: ReadonlyMap<string, ReadonlySet<string>>
  readonly #pending: Pending
  #found: CorrelationHit[] = []
  #now: number | undefined
  /** Everything before this time is decided. */
  #decided: number
  #arrivals: number
  #late: number
  #early: number
  #hurried: number

  constructor(
    correlations: readonly CorrelationRule[],
    rules: readonly Referable[],
    { latenessMs = 10_000, aheadMs = 300_000, mostPending = 100_000, mostPerRule = 1_000_000, mostReferences = 100 }: CorrelatorOptions,
    snapshot: CorrelatorSnapshot | undefined,
  ) {
    this.rules = correlations
    this.#latenessMs = latenessMs
    this.#aheadMs = aheadMs
    this.#mostPending = mostPending
    const limits = { mostPerRule, mostReferences }
    const known = new Map(snapshot?.rules.map((rule) => [rule.id, rule]))
    this.#states = correlations.map((rule) => new RuleState(rule, limits, known.get(rule.id)))
    this.#uses = usesOf(this.#states, rules)
    this.#fields = fieldsRead(this.#uses)
    this.#pending = new Pending(snapshot?.pending)
    this.#now = snapshot?.now ?? undefined
    this.#decided = snapshot?.decided ?? Number.NEGATIVE_INFINITY
    this.#arrivals = snapshot?.arrivals ?? 0
    this.#late = snapshot?.late ?? 0
    this.#early = snapshot?.early ?? 0
    this.#hurried = snapshot?.hurried ?? 0
  }

  add({ rule, event, time, reference }: RuleHit): Reception {
    const fields = this.#fields.get(rule)
    if (fields === undefined) return 'unused'
    if (time < this.#decided) {
      this.#late++
      return 'late'
    }
    if (this.#now !== undefined && time > this.#now + this.#aheadMs) {
      this.#early++
      return 'early'
    }
    const read = Object.fromEntries(Object.entries(event).filter(([name]) => fields.has(name)))
    this.#pending.add({ rule, time, arrival: this.#arrivals++, event: read, ...(reference !== undefined && { reference }) })
    if (this.#pending.size > this.#mostPending) this.#hurry()
    return 'kept'
  }

  advance(now: number): readonly CorrelationHit[] {
    this.#now = Math.max(now, this.#now ?? now)
    const until = this.#now - this.#latenessMs
    if (until >= this.#decided) this.#decide(until)
    const found = this.#found
    this.#found = []
    return found
  }

  get due(): number | undefined {
    const times = [this.#pending.oldest?.time, this.#firstToClose()?.time].filter((time) => time !== undefined)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  get statistics(): CorrelatorStatistics {
    return {
      pending: this.#pending.size,
      late: this.#late,
      early: this.#early,
      hurried: this.#hurried,
      rules: Object.fromEntries(this.#states.map((state) => [state.rule.id, state.statistics])),
    }
  }

  snapshot(): CorrelatorSnapshot {
    return {
      version: 1,
      now: this.#now ?? null,
      decided: Number.isFinite(this.#decided) ? this.#decided : null,
      arrivals: this.#arrivals,
      late: this.#late,
      early: this.#early,
      hurried: this.#hurried,
      pending: this.#pending.toList(),
      rules: this.#states.map((state) => state.snapshot()),
    }
  }

  #hurry(): void {
    this.#hurried++
    const oldest = this.#pending.oldest as PendingSnapshot
    this.#decide(oldest.time)
  }

  /** Hits and the ends of windows, in the order of their times; a window ends before a hit of the same time. */
  #decide(until: number): void {
    for (;;) {
      const hit = this.#pending.oldest
      const closing = this.#firstToClose()
      if (closing !== undefined && closing.time <= until && (hit === undefined || closing.time <= hit.time)) {
        this.#emit(closing.state.close(), closing.time)
      } else if (hit !== undefined && hit.time <= until) {
        this.#pending.removeOldest()
        this.#feed(hit.rule, hit.time, hit.event, hit.reference === undefined ? [] : [hit.reference])
      } else break
    }
    this.#decided = until
    for (const state of this.#states) state.expire(until)
  }

  #firstToClose(): { readonly state: RuleState; readonly time: number } | undefined {
    let first: { readonly state: RuleState; readonly time: number } | undefined
    for (const state of this.#states) {
      const time = state.nextClose
      if (time !== undefined && (first === undefined || time < first.time)) first = { state, time }
    }
    return first
  }

  #feed(rule: string, time: number, event: FlatEvent, references: readonly string[]): void {
    for (const { state, source } of this.#uses.get(rule) ?? []) this.#emit(state.add({ source, time, event, references }), time)
  }

  /** A correlation's hit has the values of its group as fields, and feeds the correlations that refer to it. */
  #emit(hits: readonly CorrelationHit[], time: number): void {
    for (const hit of hits) {
      this.#found.push(hit)
      this.#feed(hit.rule.id, time, hit.group, hit.references)
    }
  }
}

/** By rule id, the correlations that refer to it. */
function usesOf(states: readonly RuleState[], rules: readonly Referable[]): ReadonlyMap<string, readonly Use[]> {
  const correlations = states.map(({ rule }) => rule)
  const ids = new Map(
    [...rules, ...correlations].flatMap(({ id, name }) =>
      [id, ...(name === undefined ? [] : [name])].map((key) => [key.toLowerCase(), id]),
    ),
  )
  const uses = new Map<string, Use[]>()
  for (const state of states) {
    for (const source of new Set(state.rule.rules)) {
      const id = ids.get(source.toLowerCase())
      if (id === undefined) throw new Error(`The correlation rule ${state.rule.id} refers to "${source}", which is not loaded.`)
      const known = uses.get(id)
      if (known === undefined) uses.set(id, [{ state, source }])
      else known.push({ state, source })
    }
  }
  for (const rule of correlations) refuseCycle(rule, rule, uses)
  return uses
}

function refuseCycle(
  start: CorrelationRule,
  rule: CorrelationRule,
  uses: ReadonlyMap<string, readonly Use[]>,
  seen = new Set<string>(),
): void {
  for (const { state } of uses.get(rule.id) ?? []) {
    if (state.rule === start) throw new Error(`The correlation rule ${start.id} refers to itself.`)
    if (seen.has(state.rule.id)) continue
    seen.add(state.rule.id)
    refuseCycle(start, state.rule, uses, seen)
  }
}

/** By rule id, the fields of its events that some correlation reads. */
function fieldsRead(uses: ReadonlyMap<string, readonly Use[]>): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>()
  for (const [id, users] of uses) {
    const fields = users.flatMap(({ state: { rule }, source }) =>
      [...rule.groupBy, ...rule.condition.fields].map((name) => fieldOf(rule, name, source)),
    )
    read.set(id, new Set(fields))
  }
  return read
}
