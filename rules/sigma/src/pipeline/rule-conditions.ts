/** Conditions on a rule as a whole. */
import { readText } from '../syntax/fields.ts'
import { itemsOf } from '../syntax/items.ts'
import { levels, statuses } from '../syntax/metadata.ts'
import type { Findings } from '../syntax/source.ts'
import { entryOf, toPlain, type YamlMap } from '../syntax/yaml.ts'
import { compareBy, comparisonNames, type Comparison } from './comparison.ts'
import type { Check, CheckFactories } from './conditions.ts'
import { chooseWord, requireScalar, requireText } from './parameters.ts'
import { processingState } from './state-condition.ts'
import { openedValues, plainText } from './values.ts'

export const ruleConditions: CheckFactories<undefined> = {
  logsource: logSource,
  contains_field: (parameters, findings) => {
    const field = requireText(parameters, 'field', findings)
    return (_, { rule }) => [...itemsOf(rule.selections.values())].some((item) => item.field === field)
  },
  contains_detection_item: (parameters, findings) => {
    const field = requireText(parameters, 'field', findings)
    const { text } = requireScalar(parameters, 'value', findings)
    return (_, { rule }) => {
      const items = [...itemsOf(rule.selections.values())].filter((item) => item.field === field)
      return items.some(({ values }) => [...openedValues(values)].some((value) => plainText(value) === text))
    }
  },
  processing_item_applied: (parameters, findings) => {
    const id = requireText(parameters, 'processing_item_id', findings)
    return (_, state) => state.applied.has(id)
  },
  processing_state: processingState,
  // Correlations have no detections of their own: only the names of their fields pass through a pipeline.
  is_sigma_rule: () => () => true,
  is_sigma_correlation_rule: () => () => false,
  rule_attribute: ruleAttribute,
  tag: (parameters, findings) => {
    const tag = requireText(parameters, 'tag', findings).toLowerCase()
    return (_, { rule }) => rule.metadata.tags.some((own) => own.toLowerCase() === tag)
  },
}

/** Dimensions that are not named do not matter. */
function logSource(parameters: YamlMap, findings: Findings): Check<undefined> {
  const wanted = (['category', 'product', 'service'] as const).map(
    (dimension) => [dimension, readText(parameters, dimension, findings)] as const,
  )
  return (_, state) => wanted.every(([dimension, value]) => value === undefined || state.rule.logSource[dimension] === value)
}

const attributeOperators = [...comparisonNames, 'in', 'not_in'] as const

/** Compares a key of the rule's file: texts, numbers, dates, levels and statuses in their order, or membership of a list. */
function ruleAttribute(parameters: YamlMap, findings: Findings): Check<undefined> {
  const attribute = requireText(parameters, 'attribute', findings)
  const { value, text } = requireScalar(parameters, 'value', findings)
  const operator = chooseWord(parameters, 'op', attributeOperators, findings)
  return (_, { rule }) => {
    const node = entryOf(rule.yaml, attribute)?.value
    if (node === undefined) return false
    const actual = toPlain(node)
    if (Array.isArray(actual))
      return operator === 'ne' || (operator === 'in' ? actual.includes(value) : operator === 'not_in' && !actual.includes(value))
    if (operator === 'in' || operator === 'not_in') return false
    if (typeof actual === 'number') return compareBy(operator, actual, Number(text))
    return typeof actual === 'string' && compareWords(attribute, operator, actual, text)
  }
}

/** Levels and statuses have an order of their own; dates are in order as they are written. */
function compareWords(attribute: string, operator: Comparison, actual: string, wanted: string): boolean {
  const order: readonly string[] = attribute === 'level' ? levels : attribute === 'status' ? statuses.toReversed() : []
  if (order.includes(actual) && order.includes(wanted)) return compareBy(operator, order.indexOf(actual), order.indexOf(wanted))
  return compareBy(operator, actual, wanted)
}
