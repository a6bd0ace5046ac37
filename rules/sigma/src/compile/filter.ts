/** Filters: tuning kept apart from the rules that it tunes. */
import { placedAt } from '../pipeline/rule-transformations.ts'
import type { LogSource } from '../rule.ts'
import type { Condition, Detection, DetectionDocument, FilterDocument } from '../syntax/document.ts'

/**
 * The rule with the condition of each fitting filter and-ed to its own. Selections keep apart by names that no rule can be written
 * with, and `x of` was resolved when each file was parsed, so neither side changes what the other means.
 */
export function applyFilters(rule: DetectionDocument, filters: readonly FilterDocument[]): DetectionDocument {
  const fitting = filters.filter((filter) => fits(filter, rule))
  if (fitting.length === 0) return rule
  const selections = new Map<string, Detection>(rule.selections)
  const conditions: Condition[] = [rule.condition]
  fitting.forEach((filter, index) => {
    const renamed = (name: string): string => `filter:${index}:${name}`
    for (const [name, detection] of filter.selections) selections.set(renamed(name), placedAt(detection, rule.yaml.at))
    conditions.push(renameSelections(filter.condition, renamed))
  })
  return { ...rule, selections, condition: { kind: 'all', of: conditions } }
}

function fits(filter: FilterDocument, rule: DetectionDocument): boolean {
  return (
    covers(filter.logSource, rule.logSource) &&
    (filter.rules === 'any' || filter.rules.some((reference) => refersTo(reference, rule.metadata)))
  )
}

/** Whether every dimension that the filter names is the rule's. */
function covers(filter: LogSource, rule: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every(
    (dimension) => filter[dimension] === undefined || filter[dimension] === rule[dimension],
  )
}

/** Whether an id or name, as a correlation or filter writes it, means this rule. */
export function refersTo(reference: string, { id, name }: { readonly id: string; readonly name?: string }): boolean {
  return reference.toLowerCase() === id || reference.toLowerCase() === name?.toLowerCase()
}

function renameSelections(condition: Condition, renamed: (name: string) => string): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: renamed(condition.name) }
    case 'not':
      return { kind: 'not', of: renameSelections(condition.of, renamed) }
    default:
      return { kind: condition.kind, of: condition.of.map((member) => renameSelections(member, renamed)) }
  }
}
