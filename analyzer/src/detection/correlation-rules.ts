import { fields } from '@vonggac/contract'
import type { CorrelationRule, Referable, RuleExpression } from '@vonggac/sigma'
import type { LoadedCorrelation } from './rule-set.ts'

/**
 * Correlations of a pack with every reference written as the rule's id: names are unique within a pack alone, and the rules of all packs run together.
 */
export function withIds(correlations: readonly CorrelationRule[], rules: readonly Referable[]): readonly CorrelationRule[] {
  const ids = new Map<string, string>()
  for (const { id, name } of [...rules, ...correlations]) {
    if (name !== undefined) ids.set(name.toLowerCase(), id)
    ids.set(id.toLowerCase(), id)
  }
  const idOf = (reference: string) => ids.get(reference.toLowerCase()) ?? reference
  const inExpression = (expression: RuleExpression): RuleExpression => {
    if ('all' in expression) return { all: expression.all.map(inExpression) }
    if ('any' in expression) return { any: expression.any.map(inExpression) }
    if ('not' in expression) return { not: inExpression(expression.not) }
    return { rule: idOf(expression.rule) }
  }
  const byId = (named: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(named).map(([reference, field]) => [idOf(reference), field]))
  return correlations.map((rule) => ({
    ...rule,
    rules: rule.rules.map(idOf),
    aliases: Object.fromEntries(Object.entries(rule.aliases).map(([alias, named]) => [alias, byId(named)])),
    condition: {
      ...rule.condition,
      ...(rule.condition.expression ? { expression: inExpression(rule.condition.expression) } : {}),
    },
  }))
}

/** The correlation counted apart for each agency: what one agency's events add up to is not for another's eyes. Its alerts' groups do not name it. */
export function apartByAgency(rule: LoadedCorrelation): LoadedCorrelation {
  const { compiled } = rule
  if (compiled.groupBy.includes(fields.agency)) return rule
  return { ...rule, compiled: { ...compiled, groupBy: [fields.agency, ...compiled.groupBy] } }
}

/** How many of the rules that it names must be able to fire before the correlation can. */
export function fewestRules({ type, condition }: CorrelationRule): number {
  if (type !== 'temporal' && type !== 'temporal_ordered') return 1
  const least = condition.comparisons.map(({ operator, value }) => {
    if (operator === 'gt') return value + 1
    return operator === 'gte' || operator === 'eq' ? value : 1
  })
  return Math.max(1, ...least)
}
