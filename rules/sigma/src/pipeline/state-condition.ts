import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import { compareBy, comparisonNames } from './comparison.ts'
import { chooseWord, requireScalar, requireText } from './parameters.ts'
import type { RuleState } from './pipeline.ts'

/** `processing_state`: compares what `set_state` left under a key; false when nothing did. */
export function processingState(parameters: YamlMap, findings: Findings): (subject: unknown, state: RuleState) => boolean {
  const key = requireText(parameters, 'key', findings)
  const { value } = requireScalar(parameters, 'val', findings)
  const operator = chooseWord(parameters, 'op', comparisonNames, findings)
  return (_, { state }) => {
    const actual = state.get(key)
    return actual !== undefined && value !== null && compareBy(operator, actual, value)
  }
}
