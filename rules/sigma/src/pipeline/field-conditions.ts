/** Conditions on a field name where it is used. */
import { readText, readTexts } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { CheckFactories } from './conditions.ts'
import { makePattern } from './pattern.ts'
import type { FieldUse } from './pipeline.ts'

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
    const id = readText(parameters, 'processing_item_id', findings) ?? ''
    return ({ field, item }, state) =>
      item?.applied?.has(id) === true || (field !== undefined && state.appliedToField.get(field)?.has(id) === true)
  },
}

/** `fields` by name or, with `mode` or `type` `re`, by regex. */
function fieldList(parameters: YamlMap, findings: Findings): (field: string) => boolean {
  const fields = readTexts(parameters, 'fields', findings)
  const mode = readText(parameters, 'mode', findings)
  if (mode !== 're') return (field) => fields.includes(field)
  const patterns = fields.map((field) => makePattern(field, parameters.at, findings))
  return (field) => patterns.some((pattern) => pattern(field))
}
