import type { FlatEvent, Scalar } from '../ir/expression.ts'
import type { CorrelationRule, Metadata } from '../rule.ts'

/** A detection rule that was true of an event. */
export interface RuleHit {
  /** The rule's id. */
  readonly rule: string
  readonly event: FlatEvent
  /** When the event happened, milliseconds since the epoch. */
  readonly time: number
  /** Names the event in what is found, such as its `event.id`. */
  readonly reference?: string
}

/** A correlation rule that came true. */
export interface CorrelationHit {
  readonly rule: CorrelationRule
  /** The group's values by the names in `groupBy`; empty where the rule has none. */
  readonly group: Readonly<Record<string, Scalar>>
  /** Event times of the first and the last hit that count, in milliseconds. */
  readonly from: number
  readonly to: number
  /** What was compared: the count, sum, average, percentile, or number of rules; the last for rule conditions too. */
  readonly value: number
  /** Hits that count. */
  readonly hits: number
  /** References of the newest of them, oldest first; of a correlation's hits, those of its events. */
  readonly references: readonly string[]
}

export interface CorrelatorOptions {
  /** How long to wait for hits that come later than they happened: default 10 s. Everything is found that much later. */
  readonly latenessMs?: number
  /** How far in the future a hit may be, by a clock that is fast: default 5 min. It waits until then. */
  readonly aheadMs?: number
  /** Hits waiting for their turn, over all rules: default 100,000. Beyond it the oldest do not wait. */
  readonly mostPending?: number
  /** What one rule may hold, in remembered hits and groups together: default 1,000,000. Beyond it its oldest groups are evicted. */
  readonly mostPerRule?: number
  /** References kept of a group's hits: default 100. */
  readonly mostReferences?: number
}

/** What became of a hit. `late`: older than what is already decided. `early`: its time is further in the future than `aheadMs`. */
export type Reception = 'kept' | 'unused' | 'late' | 'early'

export interface RuleStatistics {
  readonly groups: number
  /** Remembered hits and groups. */
  readonly size: number
  /** Groups dropped unfinished because the rule held too much. */
  readonly evicted: number
  /** Hits without a value for some field of `groupBy`, or for the values to be counted, which the rule cannot use. */
  readonly unusable: number
}

export interface CorrelatorStatistics {
  readonly pending: number
  readonly late: number
  readonly early: number
  /** Hits that could not wait as long as `latenessMs` because too many were waiting. */
  readonly hurried: number
  readonly rules: Readonly<Record<string, RuleStatistics>>
}

/**
 * Correlation as a state machine over hits. Time is only what it is told: hits are put in the order of their event times, and those
 * that happened up to `now - latenessMs` are decided by `advance(now)`. So the same hits give the same result in whatever order they
 * come, as long as none is later than that.
 */
export interface Correlator {
  readonly rules: readonly CorrelationRule[]
  add(hit: RuleHit): Reception
  /** Decides everything up to `now - latenessMs`. The clock does not go back: an earlier `now` decides nothing. */
  advance(now: number): readonly CorrelationHit[]
  /** The event time that is decided next, of a waiting hit or of the end of a window; `advance` of an earlier time changes no result. */
  readonly due: number | undefined
  readonly statistics: CorrelatorStatistics
  /** Everything it knows, as plain JSON. */
  snapshot(): CorrelatorSnapshot
}

/** What correlations need to know of the rules that they refer to. */
export type Referable = Pick<Metadata, 'id' | 'name'>

export interface CorrelatorSnapshot {
  readonly version: 1
  readonly now: number | null
  readonly decided: number | null
  readonly arrivals: number
  readonly late: number
  readonly early: number
  readonly hurried: number
  readonly pending: readonly PendingSnapshot[]
  readonly rules: readonly RuleSnapshot[]
}

export interface PendingSnapshot {
  readonly rule: string
  readonly time: number
  readonly arrival: number
  readonly event: FlatEvent
  readonly reference?: string
}

export interface RuleSnapshot {
  readonly id: string
  /** What the state depends on; a rule that has changed starts anew. */
  readonly definition: string
  readonly evicted: number
  readonly unusable: number
  readonly groups: readonly GroupSnapshot[]
}

export interface GroupSnapshot {
  readonly key: string
  readonly group: Readonly<Record<string, Scalar>>
  readonly last: number
  readonly window: WindowSnapshot
}

/** The state of a window, in a form of its own for each kind. */
export type WindowSnapshot = Readonly<Record<string, unknown>>
