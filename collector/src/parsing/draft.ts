import type { Fields } from '../fields.ts'

/** An event while a parser makes it. Steps read and write `fields`; `timeMs` becomes `@timestamp`. */
export interface Draft {
  readonly fields: Fields
  timeMs: number | undefined
  readonly receivedMs: number
  /** IANA zone of times that carry none. */
  readonly timeZone: string
}

/** One step of a parser, compiled. `false`: this parser does not read the frame. */
export type Step = (draft: Draft) => boolean

/** The field's text; a number or boolean as it is written, `undefined` for anything else. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields.get(name)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
