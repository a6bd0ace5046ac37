import type { Scalar } from '@vonggac/contract'
import { fold, numberOf, textOf } from '@vonggac/sigma'
import { indexFields, indexRecord, valuesOf } from '../document-index.ts'
import type { Kind } from '../document-store.ts'

/** One row of the table `entry`, without its key. */
export interface Entry {
  readonly field: string
  readonly ord: number
  readonly value: string | number
  readonly folded: string | null
  readonly number: number | null
  readonly scalar: string | null
}

/** Sorts before every value: SQLite orders numbers before text. */
const nothing = Number.NEGATIVE_INFINITY
const maxOrderedLength = 200

export function entriesOf<T>(kind: Kind<T>, id: string, value: T): Entry[] {
  const record = indexRecord(kind, id, value)
  return indexFields(kind).flatMap((field) => {
    const values = valuesOf(record[field])
    if (values.length === 0) return [{ field, ord: 0, value: nothing, folded: null, number: null, scalar: null }]
    return values.map((scalar, ord) => entry(field, ord, scalar))
  })
}

function entry(field: string, ord: number, scalar: Scalar): Entry {
  return {
    field,
    ord,
    value: ordered(scalar),
    folded: scalar === null ? null : foldedText(scalar),
    number: numberOf(scalar) ?? null,
    scalar: JSON.stringify(scalar),
  }
}

function ordered(scalar: Scalar): string | number {
  if (scalar === null) return nothing
  if (typeof scalar === 'string') return textOf(withoutNul(scalar).slice(0, maxOrderedLength)) ?? ''
  return Number(scalar)
}

/** The text that predicates compare, on both sides. */
export function foldedText(value: string | number | boolean): string {
  return withoutNul(fold(textOf(value) ?? ''))
}

/** libsql reads a text back only up to its first NUL. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
