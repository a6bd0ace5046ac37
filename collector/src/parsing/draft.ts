import type { FieldValue } from '@vonggac/contract'

/** An event while a parser makes it. Steps read and write `fields`; `timeMs` becomes `@timestamp`. */
export interface Draft {
  readonly fields: Record<string, FieldValue>
  timeMs: number | undefined
  readonly receivedMs: number
  /** IANA zone of times that carry none. */
  readonly timeZone: string
}

/** One step of a parser, compiled. `false`: this parser does not read the frame. */
export type Step = (draft: Draft) => boolean

/** Names come from senders: `__proto__` must be a field like any other. */
export function put(fields: Record<string, FieldValue>, name: string, value: FieldValue): void {
  if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  else fields[name] = value
}

export function has(fields: Record<string, FieldValue>, name: string): boolean {
  return Object.hasOwn(fields, name)
}

/** The field's text; a number or boolean as it is written, `undefined` for anything else. */
export function textOf(fields: Record<string, FieldValue>, name: string): string | undefined {
  const value = has(fields, name) ? fields[name] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
