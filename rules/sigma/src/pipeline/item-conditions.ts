/** Conditions on a detection item; those on values hold for any or, with `cond: all`, for all of them. */
import type { DetectionItem, Value } from '../syntax/document.ts'
import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { Check, CheckFactories } from './conditions.ts'
import { chooseWord, readFlag, readRegex, requireScalar, requireText } from './parameters.ts'
import { processingState } from './state-condition.ts'
import { openedValues, plainText } from './values.ts'

export const itemConditions: CheckFactories<DetectionItem> = {
  match_string: (parameters, findings) => {
    const pattern = readRegex(requireText(parameters, 'pattern', findings), parameters.at, findings)
    const negate = readFlag(parameters, 'negate')
    return onValues(parameters, findings, (value) => {
      const text = value.kind === 'text' ? plainText(value) : undefined
      return (text !== undefined && pattern.matcher(text).lookingAt()) !== negate
    })
  },
  match_value: (parameters, findings) => {
    const { text } = requireScalar(parameters, 'value', findings)
    return onValues(parameters, findings, (value) => plainText(value) === text)
  },
  contains_wildcard: (parameters, findings) =>
    onValues(parameters, findings, (value) => value.kind === 'text' && value.parts.some((part) => typeof part !== 'string')),
  is_null: (parameters, findings) => onValues(parameters, findings, (value) => value.kind === 'null'),
  processing_item_applied: (parameters, findings) => {
    const id = requireText(parameters, 'processing_item_id', findings)
    return (item) => item.applied?.has(id) === true
  },
  processing_state: processingState,
}

function onValues(parameters: YamlMap, findings: Findings, holds: (value: Value) => boolean): Check<DetectionItem> {
  const all = chooseWord(parameters, 'cond', ['any', 'all'], findings) === 'all'
  return ({ values }) => {
    const opened = [...openedValues(values)]
    return all ? opened.every(holds) : opened.some(holds)
  }
}
