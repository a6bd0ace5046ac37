/** The conditions under which a step applies: to the rule, to a detection item, to a field name. */
import type { Condition } from '../syntax/document.ts'
import { parseCondition } from '../syntax/condition.ts'
import { readText } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf, type YamlMap, type YamlNode } from '../syntax/yaml.ts'
import type { RuleState } from './pipeline.ts'

/** Whether something holds of a subject (nothing for the rule itself, an item, or a field's use) within a rule. */
export type Check<Subject> = (subject: Subject, state: RuleState) => boolean

/** Makes a check from the parameters of a condition, or reports why not. */
export type CheckFactory<Subject> = (parameters: YamlMap, findings: Findings) => Check<Subject>

export type CheckFactories<Subject> = Readonly<Record<string, CheckFactory<Subject>>>

/**
 * Reads `<prefix>_conditions` (a list, or a map of names) with how they are joined: `_cond_op` (and, or), `_cond_not` or, over names,
 * `_cond_expr`. No conditions always hold.
 */
export function readConditions<Subject>(
  step: YamlMap,
  prefix: string,
  factories: CheckFactories<Subject>,
  findings: Findings,
): Check<Subject> {
  const node = entryOf(step, `${prefix}_conditions`)?.value
  if (node === undefined) return () => true
  const checks = readChecks(node, factories, findings)
  const joined = readJoin(step, prefix, checks, findings)
  if (checks.size === 0) return () => true
  const negation = entryOf(step, `${prefix}_cond_not`)?.value
  const negated = negation?.kind === 'scalar' && negation.value === true
  return negated ? (subject, state) => !joined(subject, state) : joined
}

function readChecks<Subject>(node: YamlNode, factories: CheckFactories<Subject>, findings: Findings): Map<string, Check<Subject>> {
  const named: [string, YamlNode][] =
    node.kind === 'map'
      ? node.entries.map(({ key, value }) => [key, value])
      : node.kind === 'list'
        ? node.items.map((item, index) => [String(index + 1), item])
        : []
  if (node.kind === 'scalar')
    findings.error('pipeline-conditions', node.at, 'Conditions must be a list, or a map from names to conditions.')
  const checks = new Map<string, Check<Subject>>()
  for (const [name, definition] of named) {
    const check = readCheck(definition, factories, findings)
    if (check !== undefined) checks.set(name, check)
  }
  return checks
}

function readCheck<Subject>(node: YamlNode, factories: CheckFactories<Subject>, findings: Findings): Check<Subject> | undefined {
  const type = node.kind === 'map' ? readText(node, 'type', findings) : undefined
  if (node.kind !== 'map' || type === undefined) {
    findings.error('pipeline-condition-type', node.at, 'A condition needs a "type".')
    return undefined
  }
  if (Object.hasOwn(factories, type)) return (factories[type] as CheckFactory<Subject>)(node, findings)
  findings.error('pipeline-condition-unknown', entryOf(node, 'type')?.value.at ?? node.at, `There is no condition "${type}" here.`, {
    suggestion: nearest(type, Object.keys(factories)),
  })
  return undefined
}

function readJoin<Subject>(step: YamlMap, prefix: string, checks: ReadonlyMap<string, Check<Subject>>, findings: Findings): Check<Subject> {
  const expression = entryOf(step, `${prefix}_cond_expr`)?.value
  if (expression?.kind === 'scalar') {
    const condition = parseCondition(expression.text, expression.at, checks, findings)
    return condition === undefined ? () => false : (subject, state) => holds(condition, checks, subject, state)
  }
  const all = [...checks.values()]
  const operator = readText(step, `${prefix}_cond_op`, findings)
  if (operator === 'or') return (subject, state) => all.some((check) => check(subject, state))
  if (operator !== undefined && operator !== 'and')
    findings.error(
      'pipeline-operator',
      entryOf(step, `${prefix}_cond_op`)?.value.at ?? step.at,
      `"${operator}" joins nothing; there are and, or.`,
    )
  return (subject, state) => all.every((check) => check(subject, state))
}

function holds<Subject>(condition: Condition, checks: ReadonlyMap<string, Check<Subject>>, subject: Subject, state: RuleState): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((member) => holds(member, checks, subject, state))
    case 'any':
      return condition.of.some((member) => holds(member, checks, subject, state))
    case 'not':
      return !holds(condition.of, checks, subject, state)
    case 'selection':
      return (checks.get(condition.name) as Check<Subject>)(subject, state)
  }
}
