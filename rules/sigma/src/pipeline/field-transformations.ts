/** Transformations that rename fields. */
import { readText, readTexts } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import { entryOf, type YamlMap } from '../syntax/yaml.ts'
import type { Transformation } from './pipeline.ts'

export type TransformationFactory = (parameters: YamlMap, findings: Findings) => Transformation

export const fieldTransformations: Readonly<Record<string, TransformationFactory>> = {
  field_name_mapping: (parameters, findings) => {
    const mapping = readMapping(parameters, findings)
    return { level: 'field', map: (field) => mapping.get(field) }
  },
  field_name_prefix_mapping: (parameters, findings) => {
    const mapping = readMapping(parameters, findings)
    return {
      level: 'field',
      map: (field) => {
        for (const [prefix, names] of mapping) if (field.startsWith(prefix)) return names.map((name) => name + field.slice(prefix.length))
        return undefined
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

export function requireText(parameters: YamlMap, key: string, findings: Findings): string {
  const text = readText(parameters, key, findings)
  if (text === undefined) findings.error('pipeline-parameter', parameters.at, `The parameter "${key}" is missing.`)
  return text ?? ''
}
