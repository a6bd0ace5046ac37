/** Checks of the log source and of fields that it does not have. */
import type { DetectionDocument, DetectionItem, FilterDocument } from '../syntax/document.ts'
import { itemsOf } from '../syntax/items.ts'
import type { Findings } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf } from '../syntax/yaml.ts'
import { categories, fieldsOf, products } from './taxonomy.ts'

export function checkLogSource({ logSource, selections, yaml }: DetectionDocument | FilterDocument, findings: Findings): void {
  const node = entryOf(yaml, 'logsource')?.value
  const at = node?.at ?? yaml.at
  for (const value of Object.values(logSource))
    if (value !== value.toLowerCase())
      findings.warning('logsource-case', at, `"${value}" should be written in small letters.`, { suggestion: value.toLowerCase() })
  checkKnown('category', logSource.category, categories, at, findings)
  checkKnown('product', logSource.product, products, at, findings)
  const known = fieldsOf(logSource)
  if (known === undefined) return
  for (const item of itemsOf(selections.values())) checkField(item, known, findings)
}

/** Anyone may name log sources of their own; only a name that nearly is a known one is worth a word. */
function checkKnown(dimension: string, value: string | undefined, known: readonly string[], at: number, findings: Findings): void {
  if (value === undefined || known.includes(value.toLowerCase())) return
  const near = nearest(value, known)
  if (near !== undefined) findings.warning('logsource-unknown', at, `The ${dimension} "${value}" is not known.`, { suggestion: near })
}

/** A dotted name is taken for one of another naming, such as ECS. */
function checkField({ field, at }: DetectionItem, known: ReadonlySet<string>, findings: Findings): void {
  if (field === undefined || known.has(field) || field.includes('.')) return
  const suggestion = nearest(field, known)
  findings.warning('field-unknown', at, `Events of this log source have no field "${field}".`, { suggestion, field })
}
