import type { FieldValue } from '@vonggac/contract'

/**
 * Fields of an event while it is made. A map, not an object: names come from senders (`__proto__` is a name like any other), and an
 * object that gains forty properties and loses some costs V8 many times as much.
 */
export type Fields = Map<string, FieldValue>
