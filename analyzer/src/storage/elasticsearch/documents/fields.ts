/**
 * What a document can be found by, as Elasticsearch keeps it. For each index field of its kind:
 *
 * - `folded`: its values as predicates compare them (the folding of @vonggac/sigma)
 * - `number`: the numbers that they are or spell
 * - `scalar`: the values themselves as JSON, for `exists`, `null` and tallies
 * - `order`: what lists are ordered by; nothing comes before numbers, numbers before text, as in the embedded store
 *
 * A keyword takes 32,766 bytes. Of longer values only the start is kept, and the document names the field in `long`: whatever is asked, such
 * documents are found and read, and the reference evaluator has the last word.
 */
import type { Scalar } from '@vonggac/contract'
import { fold, numberOf, textOf } from '@vonggac/sigma'
import { documentBody } from '../../document-checks.ts'
import { indexFields, indexRecord, valuesOf } from '../../document-index.ts'
import type { Kind } from '../../document-store.ts'
import type { Source } from './replace.ts'

/** Characters: four bytes each at most. */
export const longestIndexed = 8_000
const longestOrdered = 200

export type FieldPart = 'folded' | 'number' | 'scalar' | 'order'

export const fieldMapping = {
  properties: { folded: { type: 'keyword' }, number: { type: 'double' }, scalar: { type: 'keyword' }, order: { type: 'keyword' } },
}

/** A dot would make it a path. */
export function fieldKey(field: string): string {
  return field.replaceAll('%', '%25').replaceAll('.', '%2E')
}

export function fieldPath(field: string, part: FieldPart): string {
  return `fields.${fieldKey(field)}.${part}`
}

/** All that is kept of a document but its version. Throws `internal` for a value that its kind's schema refuses. */
export function documentSource<T>(kind: Kind<T>, id: string, value: T): Source {
  return { id, agency: kind.agency(value), body: documentBody(kind, id, value), ...indexPart(kind, id, value) }
}

/** What follows from the value, to be made anew where the index fields of a kind change. */
export function indexPart<T>(kind: Kind<T>, id: string, value: T): Source {
  const record = indexRecord(kind, id, value)
  const strings = new Set<string>()
  const long: string[] = []
  const fields: Record<string, object> = {}
  for (const field of indexFields(kind)) {
    const values = valuesOf(record[field])
    const texts = values.flatMap((value) => (value === null ? [] : [foldedText(value)]))
    const scalars = values.map((value) => JSON.stringify(value))
    values.forEach((value) => typeof value === 'string' && strings.add(start(foldedText(value))))
    if ([...texts, ...scalars].some((text) => text.length > longestIndexed)) long.push(field)
    fields[fieldKey(field)] = {
      folded: unique(texts.map(start)),
      number: unique(values.flatMap((value) => storableNumber(value) ?? [])),
      scalar: unique(scalars.map(start)),
      order: orderKey(values[0]),
    }
  }
  return { strings: [...strings], fields, ...(long.length > 0 && { long }) }
}

/** The text that predicates compare, on both sides. */
export function foldedText(value: string | number | boolean): string {
  return fold(textOf(value) ?? '')
}

/** JSON has no infinity, and Lucene holds −0 to be less than 0. */
export function plainNumber(number: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number === 0 ? 0 : number))
}

function storableNumber(value: Scalar): number | undefined {
  const number = numberOf(value)
  return number === undefined || Number.isNaN(number) ? undefined : plainNumber(number)
}

function orderKey(value: Scalar | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return `t${textOf(value.slice(0, longestOrdered)) ?? ''}`
  return `n${sortableHex(Number(value))}`
}

/** Sixteen digits that sort as the numbers do: the bits of a double, those of negative numbers turned over. */
function sortableHex(number: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number === 0 ? 0 : number)
  const bits = view.getBigUint64(0)
  const sign = 1n << 63n
  const sortable = bits & sign ? ~bits & ((1n << 64n) - 1n) : bits | sign
  return sortable.toString(16).padStart(16, '0')
}

function start(text: string): string {
  return text.length <= longestIndexed ? text : (textOf(text.slice(0, longestIndexed)) ?? '')
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
