import { VonggacError, type FlatEvent, type Scalar } from '@vonggac/contract'
import type { Kind } from './document-store.ts'

/** The document's id is a field of every index. */
export const idField = 'id'

/** What a document can be found by, as the flat record that the reference evaluator of the IR reads. */
export function indexRecord<T>(kind: Kind<T>, id: string, value: T): FlatEvent {
  const record: Record<string, Scalar | readonly Scalar[]> = {}
  for (const [field, read] of Object.entries(kind.index)) {
    const found = read(value)
    if (found !== undefined) record[field] = found
  }
  record[idField] = id
  return record
}

export function indexFields<T>(kind: Kind<T>): readonly string[] {
  return [...new Set([...Object.keys(kind.index), idField])].toSorted()
}

export function valuesOf(found: Scalar | readonly Scalar[] | undefined): readonly Scalar[] {
  if (found === undefined) return []
  return isList(found) ? found : [found]
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value)
}

/** Throws `invalid-request` for a field that documents of the kind are not indexed by. */
export function checkOrder<T>(kind: Kind<T>, field: string): void {
  const fields = indexFields(kind)
  if (fields.includes(field)) return
  throw new VonggacError('invalid-request', `These records cannot be ordered or counted by "${field}", only by: ${fields.join(', ')}.`)
}

/** Throws `invalid-request` for a field that documents of the kind are not indexed by. */
export function checkSearched(field: string, fields: Iterable<string>): void {
  const known = [...fields]
  if (known.includes(field)) return
  throw new VonggacError('invalid-request', `These records cannot be searched by "${field}". The fields to search by: ${known.join(', ')}.`)
}
