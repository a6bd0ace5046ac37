/** Detection rules and filters: metadata, log source, selections and the condition over them. */
import { parseCondition } from './condition.ts'
import { parseSelections } from './detection.ts'
import type { Condition, DetectionDocument, FilterDocument, Selections } from './document.ts'
import { keysOf, readTexts, requireMap } from './fields.ts'
import { readLogSource, readMetadata } from './metadata.ts'
import type { Findings } from './source.ts'
import { entryOf, type YamlMap, type YamlNode, type YamlScalar } from './yaml.ts'

export function parseDetectionRule(yaml: YamlMap, findings: Findings): DetectionDocument | undefined {
  const before = findings.errors
  const metadata = readMetadata(yaml, findings)
  const logSource = requireMap(yaml, 'logsource', findings, keysOf(yaml))
  const source = logSource && readLogSource(logSource, findings)
  const detection = requireMap(yaml, 'detection', findings, keysOf(yaml))
  const body = detection && parseBody(detection, findings)
  if (findings.errors > before || source === undefined || body === undefined) return undefined
  return { kind: 'rule', metadata, source: findings.source, yaml, logSource: source, ...body }
}

export function parseFilter(yaml: YamlMap, findings: Findings): FilterDocument | undefined {
  const before = findings.errors
  const metadata = readMetadata(yaml, findings)
  const logSource = requireMap(yaml, 'logsource', findings, keysOf(yaml))
  const source = logSource && readLogSource(logSource, findings)
  const filter = requireMap(yaml, 'filter', findings)
  const rules = filter && readFilteredRules(filter, findings)
  const body = filter && parseBody(withoutKey(filter, 'rules'), findings)
  if (findings.errors > before || source === undefined || rules === undefined || body === undefined) return undefined
  return { kind: 'filter', metadata, source: findings.source, yaml, logSource: source, rules, ...body }
}

function readFilteredRules(filter: YamlMap, findings: Findings): readonly string[] | 'any' {
  const value = entryOf(filter, 'rules')?.value
  if (value?.kind === 'scalar' && /^(?:any|all)$/i.test(value.text)) {
    findings.requireNextEdition(value.at, `"rules: ${value.text}"`)
    return 'any'
  }
  const rules = readTexts(filter, 'rules', findings)
  if (rules.length === 0)
    findings.error('filter-rules-missing', value?.at ?? filter.at, 'The filter names no rules.', {
      suggestion: 'List ids or names under "rules".',
    })
  return rules.map((rule) => rule.toLowerCase())
}

function withoutKey(map: YamlMap, key: string): YamlMap {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) }
}

interface Body {
  readonly selections: Selections
  readonly condition: Condition
}

/** Selections that fail are still names, so the condition is checked too and one mistake is not reported twice. */
function parseBody(map: YamlMap, findings: Findings): Body | undefined {
  const entry = entryOf(map, 'condition')
  if (entry === undefined) {
    findings.error('condition-missing', map.at, 'There is no condition.', { suggestion: 'Add "condition: selection".' })
    return undefined
  }
  const selections = parseSelections(map, findings)
  const names = new Map(map.entries.filter(({ key }) => key !== 'condition' && key !== 'timeframe').map(({ key }) => [key, true]))
  const conditions = conditionTexts(entry.value, findings).map((node) => parseCondition(node.text, node.at, names, findings))
  const parsed = conditions.filter((condition) => condition !== undefined)
  if (parsed.length === 0) return undefined
  return { selections, condition: parsed.length === 1 ? (parsed[0] as Condition) : { kind: 'any', of: parsed } }
}

/** A list of conditions holds when any of them does. */
function conditionTexts(node: YamlNode, findings: Findings): YamlScalar[] {
  const nodes = node.kind === 'list' ? node.items : [node]
  const texts = nodes.filter((item) => item.kind === 'scalar')
  if (texts.length < nodes.length || texts.length === 0)
    findings.error('condition-type', node.at, 'The condition must be a text or a list of texts.')
  return texts
}
