/** Transformations that rename fields. */
import { readTexts } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import { entryOf, type YamlMap } from '../syntax/yaml.ts'
import type { TransformationFactory } from './factory.ts'
import { chooseWord, requireText } from './parameters.ts'
import { caseChanges } from './value-transformations.ts'

export const fieldTransformations: Readonly<Record<string, TransformationFactory>> = {
  field_name_mapping: (parameters, findings) => {
    const mapping = readMapping(parameters, findings)
    return { level: 'field', map: (field) => mapping.get(field) }
  },
  field_name_prefix_mapping: (parameters, findings) => {
    const mapping = [...readMapping(parameters, findings)]
    return {
      level: 'field',
      map: (field) => {
        const found = mapping.find(([prefix]) => field.startsWith(prefix))
        return found?.[1].map((name) => name + field.slice(found[0].length))
      },
    }
  },
  field_name_prefix: (parameters, findings) => {
    const prefix = requireText(parameters, 'prefix', findings)
    return { level: 'field', map: (field) => [prefix + field] }
  },
  field_name_suffix: (parameters, findings) => {
    const suffix = requireText(parameters, 'suffix', findings)
    return { level: 'field', map: (field) => [field + suffix] }
  },
  field_name_transform: (parameters, findings) => {
    const change = caseChanges[chooseWord(parameters, 'transform_func', ['lower', 'upper', 'snake_case'], findings)]
    const mapping = entryOf(parameters, 'mapping') === undefined ? undefined : readMapping(parameters, findings)
    return { level: 'field', map: (field) => mapping?.get(field) ?? [change(field)] }
  },
}

/** `mapping` from a name to a name or to several of which any may match. */
function readMapping(parameters: YamlMap, findings: Findings): Map<string, readonly string[]> {
  const node = entryOf(parameters, 'mapping')?.value
  if (node?.kind !== 'map') {
    findings.error('pipeline-mapping', node?.at ?? parameters.at, 'A "mapping" from field names to field names is needed.')
    return new Map()
  }
  return new Map(node.entries.map(({ key }) => [key, readTexts(node, key, findings)]))
}
