/** Transformations of a rule as a whole: its log source, added conditions, refusal. */
import { parseDetection } from '../syntax/detection.ts'
import type { Condition, Detection } from '../syntax/document.ts'
import { readText, readTexts } from '../syntax/fields.ts'
import type { LogSource, Metadata } from '../rule.ts'
import { entryOf, type YamlNode } from '../syntax/yaml.ts'
import type { TransformationFactory } from './factory.ts'
import { readFlag, requireScalar, requireText } from './parameters.ts'
import type { RuleState, Transformation } from './pipeline.ts'

export const ruleTransformations: Readonly<Record<string, TransformationFactory>> = {
  add_condition: addCondition,
  change_logsource: (parameters, findings) => {
    const entries = (['category', 'product', 'service'] as const).map(
      (dimension) => [dimension, readText(parameters, dimension, findings)] as const,
    )
    const logSource: LogSource = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    return { level: 'rule', apply: (state) => void (state.rule = { ...state.rule, logSource }) }
  },
  rule_failure: (parameters, findings) => {
    const message = requireText(parameters, 'message', findings)
    return { level: 'rule', apply: (state) => state.findings.error('not-applicable', state.rule.yaml.at, message) }
  },
  add_field: (parameters, findings) => {
    const added = readTexts(parameters, 'field', findings)
    return onFields((fields) => [...fields, ...added])
  },
  remove_field: (parameters, findings) => {
    const removed = readTexts(parameters, 'field', findings)
    return onFields((fields) => fields.filter((field) => !removed.includes(field)))
  },
  set_field: (parameters, findings) => {
    const fields = readTexts(parameters, 'fields', findings)
    return onFields(() => fields)
  },
  set_state: (parameters, findings) => {
    const key = requireText(parameters, 'key', findings)
    const { value } = requireScalar(parameters, 'val', findings)
    return { level: 'rule', apply: ({ state }) => void (value === null ? state.delete(key) : state.set(key, value)) }
  },
  set_custom_attribute: (parameters, findings) => {
    const attribute = requireText(parameters, 'attribute', findings)
    const { value } = requireScalar(parameters, 'value', findings)
    return onMetadata((metadata) => ({ ...metadata, custom: { ...metadata.custom, [attribute]: value } }))
  },
}

function onMetadata(change: (metadata: Metadata) => Metadata): Transformation {
  return { level: 'rule', apply: (state) => void (state.rule = { ...state.rule, metadata: change(state.rule.metadata) }) }
}

/** The rule's list of fields to show. */
function onFields(change: (fields: readonly string[]) => readonly string[]): Transformation {
  return onMetadata((metadata) => ({ ...metadata, fields: change(metadata.fields) }))
}

/**
 * Adds `conditions` (fields and values, with modifiers as in a rule) in front of the rule's condition. With `template: true`, `$category`, `$product` and
 * `$service` in values stand for the rule's log source.
 */
function addCondition(...[parameters, findings]: Parameters<TransformationFactory>): ReturnType<TransformationFactory> {
  const node = entryOf(parameters, 'conditions')?.value
  if (node?.kind !== 'map') findings.error('pipeline-parameter', node?.at ?? parameters.at, '"conditions" must hold fields and values.')
  const negated = readFlag(parameters, 'negated')
  const template = readFlag(parameters, 'template')
  const name = readText(parameters, 'name', findings)
  const detection = node && parseDetection(node, findings)
  return {
    level: 'rule',
    apply: (state) => {
      if (detection === undefined || node === undefined) return
      const added = template ? parseDetection(filledIn(node, state.rule.logSource), findings) : detection
      if (added !== undefined) addSelection(state, name, added, negated)
    },
  }
}

function filledIn(node: YamlNode, logSource: LogSource): YamlNode {
  if (node.kind === 'map') return { ...node, entries: node.entries.map((entry) => ({ ...entry, value: filledIn(entry.value, logSource) })) }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => filledIn(item, logSource)) }
  if (typeof node.value !== 'string') return node
  const value = node.value.replace(
    /\$(?:(category|product|service)\b|\{(category|product|service)\})/g,
    (_, bare?: string, braced?: string) => {
      return logSource[(bare ?? braced) as keyof LogSource] ?? ''
    },
  )
  return { ...node, value, text: value }
}

/** The colon keeps the name out of reach of what a rule can be written with. */
function addSelection(state: RuleState, wanted: string | undefined, detection: Detection, negated: boolean): void {
  const { rule } = state
  const name = `pipeline:${wanted ?? rule.selections.size}`
  const selection: Condition = { kind: 'selection', name }
  state.rule = {
    ...rule,
    selections: new Map([...rule.selections, [name, placedAt(detection, rule.yaml.at)]]),
    condition: { kind: 'all', of: [negated ? { kind: 'not', of: selection } : selection, rule.condition] },
  }
}

/** A detection of another file, put where the rule begins: its own offsets mean nothing in the rule's file. */
export function placedAt(detection: Detection, at: number): Detection {
  if (detection.kind === 'item') return { ...detection, at }
  return { ...detection, of: detection.of.map((member) => placedAt(member, at)), at }
}
