import type { Expression } from './ir/expression.ts'

/** Where a rule applies: a dimension that is absent does not restrict. */
export interface LogSource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}

export type RuleLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical'
export type RuleStatus = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported'

export interface RelatedRule {
  readonly id: string
  /** `derived`, `obsolete`, `merged`, `renamed` or `similar`. */
  readonly type: string
}

/** What detection rules, correlation rules and filters say about themselves. */
export interface Metadata {
  /** The rule's UUID, or the file's name where it has none (a warning says so). */
  readonly id: string
  /** A second, human-readable identifier that correlations and filters may refer to. */
  readonly name?: string
  readonly title: string
  readonly level: RuleLevel
  readonly status: RuleStatus
  readonly description?: string
  readonly author?: string
  /** As written, which should be like 2026-01-31. */
  readonly date?: string
  readonly modified?: string
  readonly license?: string
  /** The naming of fields that the rule follows, where it is not Sigma's own. */
  readonly taxonomy?: string
  readonly references: readonly string[]
  readonly tags: readonly string[]
  readonly related?: readonly RelatedRule[]
  readonly falsePositives: readonly string[]
  /** Fields that the author wants shown with an alert; after pipelines in a compiled rule. */
  readonly fields: readonly string[]
  /** Keys that the specification does not name, as written. */
  readonly custom: Readonly<Record<string, unknown>>
  /** Its hits only feed correlations that refer to it, none of which has `generate: true`; they are not to be reported. */
  readonly silent?: true
  readonly file: string
  readonly line: number
}

/** A detection rule ready for the matcher and the converters: its condition as one expression, its metadata as written. */
export interface CompiledRule extends Metadata {
  /** After pipelines. */
  readonly logSource: LogSource
  readonly expression: Expression
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'temporal'
  | 'temporal_ordered'
  | 'value_sum'
  | 'value_avg'
  | 'value_percentile'
  | 'value_median'

export type CorrelationOperator = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq'

/** Which of the referenced rules must have fired in the window; leaves are members of `CorrelationRule.rules`. */
export type RuleExpression =
  | { readonly all: readonly RuleExpression[] }
  | { readonly any: readonly RuleExpression[] }
  | { readonly not: RuleExpression }
  | { readonly rule: string }

/**
 * A rule over the hits of other rules within a time window. Pipelines have been applied to `groupBy`, `aliases` and
 * `condition.fields`.
 */
export interface CorrelationRule extends Metadata {
  readonly type: CorrelationType
  /** The referenced rules, detection or correlation, by id or name as written; in order for `temporal_ordered`. */
  readonly rules: readonly string[]
  /** Alias -> referenced rule (as written in `rules`) -> that rule's field. An alias may stand in `groupBy` and in `condition.fields`. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Fields or aliases; events are counted apart for each combination of their values. */
  readonly groupBy: readonly string[]
  readonly timespanMs: number
  /** Whether the referenced rules also report their own hits. */
  readonly generate: boolean
  readonly condition: CorrelationCondition
}

export interface CorrelationCondition {
  /** All must hold (a range has two). For the temporal types, compared with the number of distinct rules that fired. */
  readonly comparisons: readonly { readonly operator: CorrelationOperator; readonly value: number }[]
  /** Fields whose values are counted (as combinations), summed or averaged; empty for `event_count` and the temporal types. */
  readonly fields: readonly string[]
  /** 0 to 100, only for `value_percentile`. */
  readonly percentile?: number
  /** Only for the temporal types with a boolean condition; `comparisons` is then empty. */
  readonly expression?: RuleExpression
}

/** A tuning file: its condition is and-ed to the detection rules that it names and whose log source it covers. */
export interface Filter extends Metadata {
  readonly logSource: LogSource
  /** Ids or names of rules, or every rule of the log source (Sigma 2.2). */
  readonly rules: readonly string[] | 'any'
  /** The filter's condition compiled with the same pipelines as the rules; informative, `loadRules` has applied it already. */
  readonly expression: Expression
}

/** A finding about a rule file. Lines and columns count from 1. An error means that the rule is refused. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Stable, kebab-case, such as `condition-unknown-selection`. */
  readonly code: string
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly suggestion?: string
  /** The event field that is meant, where there is one. */
  readonly field?: string
}
