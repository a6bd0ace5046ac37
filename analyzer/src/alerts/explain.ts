import type { AlertDetail, FlatEvent } from '@vonggac/contract'
import { isCorrelation, type LoadedCorrelation, type LoadedRule } from '../detection/index.ts'
import { findingsOf } from './findings.ts'

export interface Rules {
  find(id: string): LoadedRule | undefined
}

/** What the rule says about itself; of a rule that is gone, nothing. */
export function aboutRule(rules: Rules, rule: LoadedRule | undefined): AlertDetail['rule'] {
  if (!rule) return { falsePositives: [], references: [] }
  const { description, falsePositives, references } = rule.compiled
  return {
    falsePositives: [...falsePositives],
    references: [...references],
    ...(description ? { description } : {}),
    ...(rule.descriptions ? { descriptions: rule.descriptions } : {}),
    ...(rule.falsePositiveTexts ? { falsePositiveTexts: rule.falsePositiveTexts } : {}),
    ...(rule.reason ? { reason: rule.reason } : {}),
    ...(rule.playbook ? { playbook: rule.playbook } : {}),
    ...(isCorrelation(rule) ? { correlation: aboutCorrelation(rules, rule) } : {}),
  }
}

/** The event and why the rule is true of it; of a correlation, why the rules are that it rests on. */
export function explained(rules: Rules, rule: LoadedRule | undefined, event: FlatEvent): AlertDetail['events'][number] {
  if (!rule) return { event, findings: [] }
  if (!isCorrelation(rule)) return { event, findings: findingsOf(rule.compiled.expression, event) }
  const bases = [...leavesOf(rules, rule)].flatMap((base) => {
    const findings = findingsOf(base.compiled.expression, event)
    return findings.length > 0 ? [{ rule: nameOf(base), findings }] : []
  })
  return { event, findings: bases.flatMap(({ findings }) => findings), rules: bases.map((base) => base.rule) }
}

type Leaf = Exclude<LoadedRule, LoadedCorrelation>

/** The rules on single events that the correlation rests on, through other correlations too. */
function leavesOf(rules: Rules, rule: LoadedRule | undefined): ReadonlySet<Leaf> {
  if (!rule) return new Set()
  if (!isCorrelation(rule)) return new Set([rule])
  const bases = new Set(rule.compiled.rules)
  return new Set([...bases].flatMap((id) => [...leavesOf(rules, rules.find(id))]))
}

function aboutCorrelation(rules: Rules, { compiled, groupBy }: LoadedCorrelation): NonNullable<AlertDetail['rule']['correlation']> {
  const { type, condition, timespanMs } = compiled
  return {
    type,
    comparisons: condition.comparisons.map((comparison) => ({ ...comparison })),
    fields: [...condition.fields],
    timespanSeconds: timespanMs / 1_000,
    groupBy: [...groupBy],
    rules: compiled.rules.flatMap((id) => {
      const base = rules.find(id)
      return base ? [nameOf(base)] : []
    }),
  }
}

function nameOf({ compiled: { id, title }, titles }: LoadedRule) {
  return { id, title, ...(titles ? { titles } : {}) }
}
