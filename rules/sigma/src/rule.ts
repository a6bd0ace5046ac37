import type { Expression } from './ir/expression.ts'

/** Where a rule applies: a dimension that is absent does not restrict. */
export interface LogSource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
}

export type RuleLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical'
export type RuleStatus = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported'

/** A detection rule ready for the matcher and the converters: its condition as one expression, its metadata as written. */
export interface CompiledRule {
  /** The rule's UUID, or the file's name where it has none (a warning says so). */
  readonly id: string
  readonly title: string
  readonly level: RuleLevel
  readonly status: RuleStatus
  readonly description?: string
  readonly author?: string
  readonly references: readonly string[]
  readonly tags: readonly string[]
  readonly falsePositives: readonly string[]
  /** Fields that the author wants shown with an alert. */
  readonly fields: readonly string[]
  /** After pipelines. */
  readonly logSource: LogSource
  readonly expression: Expression
  /** Keys that the specification does not name, as written. */
  readonly custom: Readonly<Record<string, unknown>>
  readonly file: string
  readonly line: number
}

/** A finding about a rule file. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Stable, kebab-case, such as `condition-unknown-selection`. */
  readonly code: string
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly suggestion?: string
}
