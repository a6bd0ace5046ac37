/** Transformations of detection items as a whole. */
import type { Detection, DetectionItem, TextValue } from '../syntax/document.ts'
import { readText, readTexts } from '../syntax/fields.ts'
import { ValueProblem } from '../syntax/problem.ts'
import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { TransformationFactory } from './factory.ts'
import { readFlag, requireText } from './parameters.ts'
import type { Transformation } from './pipeline.ts'
import { openedValues } from './values.ts'

/**
 * `absent_field` is this library's own: it says that the events never have the item's field (with `unmapped: true`, only if no step has named it), and leaves it
 * to the rule's condition whether the rule still makes sense.
 */
export const itemTransformations: Readonly<Record<string, TransformationFactory>> = {
  drop_detection_item: () => ({ level: 'item', apply: () => undefined }),
  detection_item_failure: (parameters, findings) => {
    const message = requireText(parameters, 'message', findings)
    return refusing((item) => (item.field === undefined ? message : `${message} (field "${item.field}")`))
  },
  strict_field_mapping_failure: (parameters, findings) => {
    const message = readText(parameters, 'message', findings) ?? 'The events of this log source have no such field'
    return refusing((item, mapped) => (item.field === undefined || mapped.has(item.field) ? undefined : `${message}: "${item.field}".`))
  },
  hashes_fields: hashesFields,
  absent_field: (parameters, findings) => {
    const message = requireText(parameters, 'message', findings)
    const unmapped = readFlag(parameters, 'unmapped')
    return {
      level: 'item',
      apply: (item, { mapped }) => {
        if (item.field === undefined || (unmapped && mapped.has(item.field))) return item
        return { ...item, absent: `${message}: "${item.field}".` }
      },
    }
  },
}

/** Leaves the item as it is, but refuses the rule where there is a reason. */
function refusing(reason: (item: DetectionItem, mapped: ReadonlySet<string>) => string | undefined): Transformation {
  return {
    level: 'item',
    apply: (item, state) => {
      const message = reason(item, state.mapped)
      if (message !== undefined) state.findings.error('not-applicable', item.at, message, { field: item.field })
      return item
    },
  }
}

const algorithmByLength: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' }

/** Takes `Hashes: 'SHA1=…'` (or `SHA1|…`, or a bare hash) apart into one field for each algorithm. */
function hashesFields(parameters: YamlMap, findings: Findings): Transformation {
  const algorithms = readTexts(parameters, 'valid_hash_algos', findings)
  const prefix = readText(parameters, 'field_prefix', findings) ?? ''
  const dropAlgorithm = readFlag(parameters, 'drop_algo_prefix')
  return {
    level: 'item',
    apply: (item) => {
      const byField = new Map<string, TextValue[]>()
      for (const value of openedValues(item.values)) {
        const hash = value.kind === 'text' ? readHash(value) : undefined
        if (hash === undefined || !algorithms.includes(hash.algorithm))
          throw new ValueProblem('not-applicable', `A value holds no hash of ${algorithms.join(', ')}.`)
        const field = prefix + (dropAlgorithm ? '' : hash.algorithm)
        byField.set(field, [...(byField.get(field) ?? []), { kind: 'text', parts: [hash.hash] }])
      }
      const of = [...byField].map(([field, values]): Detection => ({ ...item, field, modifiers: [], values }))
      return { kind: item.negated || item.linking === 'all' ? 'all' : 'any', of, at: item.at }
    },
  }
}

function readHash(value: TextValue): { algorithm: string; hash: string } | undefined {
  const literals = value.parts.filter((part) => typeof part === 'string')
  const [first = '', second] = literals.join('').split(/[=|]/)
  if (literals.length !== 1) return undefined
  if (second !== undefined) return { algorithm: first.toUpperCase(), hash: second }
  const algorithm = algorithmByLength[first.length]
  return algorithm === undefined ? undefined : { algorithm, hash: first }
}
