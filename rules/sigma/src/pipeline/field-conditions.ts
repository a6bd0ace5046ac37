/** Conditions on a field name where it is used. Keywords have no field: they are in no list, and excluded from none. */
import { readTexts } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { CheckFactories } from './conditions.ts'
import { chooseWord, readRegex, requireText } from './parameters.ts'
import type { FieldUse } from './pipeline.ts'
import { processingState } from './state-condition.ts'

export const fieldConditions: CheckFactories<FieldUse> = {
  include_fields: (parameters, findings) => {
    const listed = fieldList(parameters, findings)
    return ({ field }) => field !== undefined && listed(field)
  },
  exclude_fields: (parameters, findings) => {
    const listed = fieldList(parameters, findings)
    return ({ field }) => field === undefined || !listed(field)
  },
  processing_item_applied: (parameters, findings) => {
    const id = requireText(parameters, 'processing_item_id', findings)
    return ({ field, item }, state) =>
      item?.applied?.has(id) === true || (field !== undefined && state.appliedToField.get(field)?.has(id) === true)
  },
  processing_state: processingState,
}

/** `fields` by name or, with `mode: re`, by regexes that match from the name's start. */
function fieldList(parameters: YamlMap, findings: Findings): (field: string) => boolean {
  const fields = readTexts(parameters, 'fields', findings)
  if (chooseWord(parameters, 'mode', ['plain', 're'], findings) === 'plain') {
    const names = new Set(fields)
    return (field) => names.has(field)
  }
  const patterns = fields.map((field) => readRegex(field, parameters.at, findings))
  return (field) => patterns.some((pattern) => pattern.matcher(field).lookingAt())
}
