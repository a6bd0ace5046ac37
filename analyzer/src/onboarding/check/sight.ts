import { anyText, type Expression } from '@vonggac/sigma'

/**
 * Whether a rule could fire on an event that has these fields and no others, whatever their values: what a rule cannot see without is then missing. A test on a
 * field that is absent is false, save for its being null or not there; what stands under a `not` may always turn out well.
 */
export function canFire(expression: Expression, present: ReadonlySet<string>): boolean {
  if ('all' in expression) return expression.all.every((part) => canFire(part, present))
  if ('any' in expression) return expression.any.some((part) => canFire(part, present))
  if ('not' in expression) return true
  const { field, test } = expression
  return test.kind === 'null' || field === anyText || present.has(field)
}

/** The fields that the expression tests for something that must be there. */
export function fieldsRead(expression: Expression): string[] {
  if ('all' in expression) return expression.all.flatMap(fieldsRead)
  if ('any' in expression) return expression.any.flatMap(fieldsRead)
  if ('not' in expression) return []
  return expression.field === anyText ? [] : [expression.field]
}
