import { correlatedFields } from '@vonggac/sigma'
import type { RuleSet, RuleUse } from './evaluation.ts'
import type { LoadedDetection, RulesInUse } from './rule-set.ts'

/** The rules as the worker is given them: each with what its hits are for. */
export function ruleSetOf({ detections, correlations, known }: RulesInUse): RuleSet {
  const read = correlatedFields(
    correlations.map(({ compiled }) => compiled),
    known,
  )
  return { rules: detections.map(({ compiled }) => compiled), uses: detections.map((rule) => useOf(rule, read.get(rule.compiled.id))) }
}

function useOf({ groupBy, compiled: { silent } }: LoadedDetection, read: ReadonlySet<string> | undefined): RuleUse {
  return { groupBy, ...(silent ? {} : { alerts: true }), ...(read ? { feeds: [...read] } : {}) }
}
