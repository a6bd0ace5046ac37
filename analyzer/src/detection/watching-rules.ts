import type { Expression, LogSource } from '@vonggac/sigma'
import type { RuleRepository } from './repository.ts'

/** What a rule on single events looks at. */
export interface WatchingRule {
  readonly title: string
  readonly logSource: LogSource
  readonly expression: Expression
}

/** The rules on single events that are switched on. */
export function watchingRules(rules: Pick<RuleRepository, 'inUse'>): readonly WatchingRule[] {
  return rules.inUse().detections.map(({ compiled: { title, logSource, expression } }) => ({ title, logSource, expression }))
}
