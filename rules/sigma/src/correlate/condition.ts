/** Conditions of correlation rules. */
import type { CorrelationCondition, CorrelationOperator, CorrelationRule, RuleExpression } from '../rule.ts'

export function holds({ comparisons }: CorrelationCondition, value: number): boolean {
  return comparisons.every(({ operator, value: wanted }) => compares(operator, value, wanted))
}

function compares(operator: CorrelationOperator, left: number, right: number): boolean {
  switch (operator) {
    case 'gt':
      return left > right
    case 'gte':
      return left >= right
    case 'lt':
      return left < right
    case 'lte':
      return left <= right
    case 'eq':
      return left === right
    case 'neq':
      return left !== right
  }
}

/** Whether a rule condition is true of the rules that fired. */
export function fired(expression: RuleExpression, rules: ReadonlySet<string>): boolean {
  if ('all' in expression) return expression.all.every((member) => fired(member, rules))
  if ('any' in expression) return expression.any.some((member) => fired(member, rules))
  if ('not' in expression) return !fired(expression.not, rules)
  return rules.has(expression.rule)
}

/**
 * Whether more hits can only make the condition true, so that it is decided at each hit, in the window that ends there. The others
 * (fewer than, exactly, on average …) are decided when a window is over: it opens at a group's first hit and lasts for the timespan.
 */
export function decidesAtOnce({ type, condition }: CorrelationRule): boolean {
  const { comparisons, expression } = condition
  if (type === 'temporal_ordered') return true
  if (type === 'value_avg' || type === 'value_median' || type === 'value_percentile') return false
  if (expression !== undefined) return !negates(expression)
  return comparisons.every(({ operator }) => operator === 'gt' || operator === 'gte')
}

function negates(expression: RuleExpression): boolean {
  if ('all' in expression) return expression.all.some(negates)
  if ('any' in expression) return expression.any.some(negates)
  return 'not' in expression
}
