/**
 * Fields that the events at hand never have. A test of such a field is never true, which is harmless where it is one of several ways to match; where it is
 * negated, a filter would be gone in silence and the rule fire on what its author excluded.
 */
import type { Expression } from '../ir/expression.ts'
import type { Condition, Detection, DetectionItem, Selections } from '../syntax/document.ts'
import type { Findings } from '../syntax/source.ts'

/** Refuses the rule where an absent field is negated or nothing is left to match; otherwise warns that it matches less. */
export function judgeAbsentFields(condition: Condition, selections: Selections, expression: Expression, findings: Findings): void {
  const uses = [...absentUses(condition, selections, false)]
  const filtering = uses.filter(({ negated }) => negated)
  const never = isNever(expression)
  for (const { item } of filtering) {
    findings.error('not-applicable', item.at, `${item.absent} The rule excludes by it, so it would fire on what it should not.`, {
      field: item.field,
    })
  }
  if (filtering.length > 0) return
  for (const { item } of uses) {
    if (never) findings.error('not-applicable', item.at, `${item.absent} Without it the rule can never match.`, { field: item.field })
    else findings.warning('partly-applicable', item.at, `${item.absent} The rule matches by its other parts alone.`, { field: item.field })
  }
}

interface Use {
  readonly item: DetectionItem
  readonly negated: boolean
}

function* absentUses(condition: Condition, selections: Selections, negated: boolean): Iterable<Use> {
  if (condition.kind === 'not') yield* absentUses(condition.of, selections, !negated)
  else if (condition.kind === 'selection') yield* absentItems(selections.get(condition.name) as Detection, negated)
  else for (const member of condition.of) yield* absentUses(member, selections, negated)
}

function* absentItems(detection: Detection, negated: boolean): Iterable<Use> {
  if (detection.kind !== 'item') for (const member of detection.of) yield* absentItems(member, negated)
  else if (detection.absent !== undefined) yield { item: detection, negated: negated !== detection.negated }
}

function isNever(expression: Expression): boolean {
  if ('any' in expression) return expression.any.every(isNever)
  return 'all' in expression && expression.all.some(isNever)
}
