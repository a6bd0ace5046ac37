import type { FieldValue, Scalar } from '@vonggac/contract'
import type { FieldName, Fields } from '../fields.ts'

/** An event while a parser makes it. Steps read and write `fields`; `timeMs` becomes `@timestamp`. */
export interface Draft {
  readonly fields: Fields
  timeMs: number | undefined
  readonly receivedMs: number
  /** IANA zone of times that carry none. */
  readonly timeZone: string
  /** The line as its program wrote it, where the frame holds more; by default the text of the frame. */
  original?: string
}

/** One step of a parser, compiled. `false`: this parser does not read the frame. */
export type Step = (draft: Draft) => boolean

/** How many fields a decoder takes whose names the sender chooses. What is beyond stands in `event.original`, and a tag says so. */
export const mostSenderFields = 1_000
export const tooManyFieldsTag = 'too-many-fields'

/** The field's text; a number or boolean as it is written, `undefined` for anything else. */
export function textOf(fields: Fields, name: FieldName): string | undefined {
  const value = fields.get(name)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Adds values to what a field holds; one that it holds already is not added again. */
export function append(fields: Fields, name: FieldName, values: readonly Scalar[]): void {
  const before = listOf(fields.get(name))
  fields.set(name, [...before, ...values.filter((value) => !before.includes(value))])
}

function listOf(value: FieldValue | undefined): readonly Scalar[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
}
