/** Correlation rules: which rules, grouped how, within what time, and what must hold of them. */
import type { CorrelationCondition, CorrelationOperator, CorrelationType, RuleExpression } from '../rule.ts'
import { parseCondition } from './condition.ts'
import type { Condition, CorrelationDocument } from './document.ts'
import { readText, readTexts, readWord, requireMap } from './fields.ts'
import { readMetadata } from './metadata.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { entryOf, type YamlEntry, type YamlMap } from './yaml.ts'

const types: readonly CorrelationType[] = [
  'event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median',
] // prettier-ignore
const operators: readonly CorrelationOperator[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq']
const correlationKeys = ['type', 'rules', 'aliases', 'group-by', 'timespan', 'generate', 'condition']

export function parseCorrelation(yaml: YamlMap, findings: Findings): CorrelationDocument | undefined {
  const before = findings.errors
  const metadata = readMetadata(yaml, findings)
  const map = requireMap(yaml, 'correlation', findings)
  if (map === undefined) return undefined
  for (const { key, keyAt } of map.entries)
    if (!correlationKeys.includes(key))
      findings.error('correlation-key', keyAt, `A correlation has no key "${key}".`, { suggestion: nearest(key, correlationKeys) })
  const type = readType(map, findings)
  const rules = readRules(map, findings)
  const timespanMs = readTimespan(map, findings)
  const aliases = readAliases(map, findings)
  const groupBy = readTexts(map, 'group-by', findings)
  const condition = type && readCondition(map, type, rules, findings)
  const generate = readGenerate(yaml, map, findings)
  if (findings.errors > before || type === undefined || condition === undefined || timespanMs === undefined) return undefined
  return { kind: 'correlation', metadata, source: findings.source, yaml, type, rules, aliases, groupBy, timespanMs, generate, condition }
}

function readType(map: YamlMap, findings: Findings): CorrelationType | undefined {
  if (readText(map, 'type', findings) === undefined) findings.error('correlation-type-missing', map.at, 'The correlation has no type.')
  return readWord(map, 'type', types, findings)
}

function readRules(map: YamlMap, findings: Findings): string[] {
  const rules = readTexts(map, 'rules', findings)
  const at = entryOf(map, 'rules')?.value.at ?? map.at
  if (rules.length === 0) findings.error('correlation-rules-missing', at, 'The correlation refers to no rule.')
  if (new Set(rules).size < rules.length) findings.error('correlation-rules-repeated', at, 'A rule is listed twice.')
  return rules
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  // A month and a year of the mean Gregorian length, as a span of time has no calendar.
  M: 2_629_746_000,
  y: 31_556_952_000,
}

function readTimespan(map: YamlMap, findings: Findings): number | undefined {
  const text = readText(map, 'timespan', findings)
  const match = /^(\d{1,9})([smhdwMy])$/.exec(text ?? '')
  const span = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? 0)
  if (span > 0) return span
  const at = entryOf(map, 'timespan')?.value.at ?? map.at
  const problem = text === undefined ? 'The correlation has no timespan.' : `"${text}" is no timespan.`
  findings.error('correlation-timespan', at, problem, { suggestion: 'Write a number and one of s, m, h, d, w, M, y, such as 10m.' })
  return undefined
}

function readAliases(map: YamlMap, findings: Findings): Record<string, Record<string, string>> {
  const entry = entryOf(map, 'aliases')
  if (entry === undefined) return {}
  if (entry.value.kind !== 'map') {
    findings.error('correlation-aliases', entry.value.at, '"aliases" must hold an alias a line, with a field for each rule.')
    return {}
  }
  return Object.fromEntries(entry.value.entries.map((alias) => [alias.key, readAlias(alias, findings)]))
}

function readAlias({ key, value }: YamlEntry, findings: Findings): Record<string, string> {
  const fields: [string, string][] = []
  for (const entry of value.kind === 'map' ? value.entries : []) {
    if (entry.value.kind === 'scalar' && entry.value.value !== null) fields.push([entry.key, entry.value.text])
  }
  if (fields.length === 0) findings.error('correlation-aliases', value.at, `The alias "${key}" needs a field for each rule.`)
  return Object.fromEntries(fields)
}

/** `generate` stands inside `correlation` (2.1) or beside it (2.0). */
function readGenerate(yaml: YamlMap, map: YamlMap, findings: Findings): boolean {
  const node = (entryOf(map, 'generate') ?? entryOf(yaml, 'generate'))?.value
  if (node === undefined) return false
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value
  findings.error('correlation-generate', node.at, '"generate" must be true or false.')
  return false
}

const temporal: ReadonlySet<CorrelationType> = new Set(['temporal', 'temporal_ordered'])

function readCondition(
  map: YamlMap,
  type: CorrelationType,
  rules: readonly string[],
  findings: Findings,
): CorrelationCondition | undefined {
  const entry = entryOf(map, 'condition')
  if (entry === undefined && temporal.has(type)) return { comparisons: [{ operator: 'gte', value: rules.length }], fields: [] }
  if (entry === undefined) {
    findings.error('correlation-condition-missing', map.at, `A correlation of type ${type} needs a condition.`)
    return undefined
  }
  if (entry.value.kind === 'map') return readThreshold(entry.value, type, findings)
  if (entry.value.kind === 'scalar' && type === 'temporal') return readExpression(entry.value.text, entry.value.at, rules, findings)
  findings.error('correlation-condition-type', entry.value.at, `The condition of a ${type} correlation must hold an operator and a number.`)
  return undefined
}

/** A boolean condition over rules, as it is agreed for the next version of the specification. */
function readExpression(text: string, at: number, rules: readonly string[], findings: Findings): CorrelationCondition | undefined {
  findings.requireNextEdition(at, 'A condition over rules')
  const condition = parseCondition(text, at, new Map(rules.map((rule) => [rule, true])), findings)
  return condition && { comparisons: [], fields: [], expression: ruleExpression(condition) }
}

function ruleExpression(condition: Condition): RuleExpression {
  switch (condition.kind) {
    case 'all':
      return { all: condition.of.map(ruleExpression) }
    case 'any':
      return { any: condition.of.map(ruleExpression) }
    case 'not':
      return { not: ruleExpression(condition.of) }
    case 'selection':
      return { rule: condition.name }
  }
}

function readThreshold(map: YamlMap, type: CorrelationType, findings: Findings): CorrelationCondition | undefined {
  const comparisons: { operator: CorrelationOperator; value: number }[] = []
  const allowed = [...operators, 'field', 'percentile']
  for (const { key, keyAt, value } of map.entries) {
    if (key === 'field' || key === 'percentile') continue
    const operator = operators.find((name) => name === key)
    if (operator === undefined)
      findings.error('correlation-operator', keyAt, `A condition has no key "${key}".`, { suggestion: nearest(key, allowed) })
    else if (value.kind === 'scalar' && typeof value.value === 'number') comparisons.push({ operator, value: value.value })
    else findings.error('correlation-number', value.at, `"${key}" needs a number.`)
  }
  if (comparisons.length === 0)
    findings.error('correlation-operator-missing', map.at, `The condition needs one of ${operators.join(', ')}.`)
  const fields = readFields(map, type, findings)
  const percentile = readPercentile(map, type, findings)
  return { comparisons, fields, ...(percentile === undefined ? {} : { percentile }) }
}

function readFields(map: YamlMap, type: CorrelationType, findings: Findings): string[] {
  const fields = readTexts(map, 'field', findings)
  const at = entryOf(map, 'field')?.keyAt ?? map.at
  const takesField = type.startsWith('value_')
  if (takesField && fields.length === 0) findings.error('correlation-field-missing', at, `A ${type} correlation needs a "field".`)
  if (!takesField && fields.length > 0) findings.error('correlation-field', at, `A ${type} correlation takes no "field".`)
  if (takesField && type !== 'value_count' && fields.length > 1)
    findings.error('correlation-field', at, `A ${type} correlation takes one field.`)
  return fields
}

function readPercentile(map: YamlMap, type: CorrelationType, findings: Findings): number | undefined {
  const entry = entryOf(map, 'percentile')
  if (entry === undefined && type !== 'value_percentile') return undefined
  const value = entry?.value.kind === 'scalar' ? entry.value.value : undefined
  const at = entry?.value.at ?? map.at
  if (type !== 'value_percentile') findings.error('correlation-percentile', at, `A ${type} correlation takes no "percentile".`)
  else if (typeof value === 'number' && value >= 0 && value <= 100) return value
  else findings.error('correlation-percentile', at, 'A value_percentile correlation needs a "percentile" from 0 to 100.')
  return undefined
}
