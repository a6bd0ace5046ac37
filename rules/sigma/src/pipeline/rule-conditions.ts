/** Conditions on a rule as a whole. */
import { readText } from '../syntax/fields.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { CheckFactories } from './conditions.ts'
import type { RuleState } from './pipeline.ts'
import type { Findings } from '../syntax/source.ts'

type RuleCheck = (nothing: undefined, state: RuleState) => boolean

export const ruleConditions: CheckFactories<undefined> = {
  logsource: logSource,
  processing_item_applied: (parameters, findings) => {
    const id = readText(parameters, 'processing_item_id', findings) ?? ''
    return (_, state) => state.applied.has(id)
  },
}

/** Dimensions that are not named do not matter. */
function logSource(parameters: YamlMap, findings: Findings): RuleCheck {
  const wanted = (['category', 'product', 'service'] as const).map(
    (dimension) => [dimension, readText(parameters, dimension, findings)] as const,
  )
  return (_, state) => wanted.every(([dimension, value]) => value === undefined || state.rule.logSource[dimension] === value)
}
