/**
 * How JSON becomes a flat event, so that a nested record and the same record with dotted keys are the same event.
 *
 * `{"user":{"name":"an"}}` has the field `user.name`. The values of an array's members are the field's values, objects in arrays
 * included: `{"a":[{"b":1},{"b":2}]}` has `a.b` with the values 1 and 2. Two ways to write one field (`a.b` beside `a: {b}`)
 * join their values. Of a repeated key the last counts, as everywhere in JavaScript.
 */
import type { FlatEvent, Scalar } from './expression.ts'

/** Deeper nesting is refused, so that no input exhausts the stack. */
export const maxDepth = 64

/** Why a line is not an event. */
export type Rejection = 'malformed' | 'not-an-object' | 'nested-too-deep' | 'oversized'

export class RejectedEvent extends Error {
  readonly reason: Rejection
  constructor(reason: Rejection) {
    super(`not an event: ${reason}`)
    this.reason = reason
  }
}

/** A nested record as a flat event. Throws RejectedEvent for what is no object or is nested deeper than `maxDepth`. */
export function flatten(record: unknown): FlatEvent {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new RejectedEvent('not-an-object')
  const event: Record<string, Scalar | Scalar[]> = Object.create(null)
  for (const key of Object.keys(record)) place(event, key, (record as Record<string, unknown>)[key], 1, false)
  return event
}

function place(event: Record<string, Scalar | Scalar[]>, field: string, value: unknown, depth: number, listed: boolean): void {
  if (depth > maxDepth) throw new RejectedEvent('nested-too-deep')
  if (Array.isArray(value)) {
    for (const member of value) place(event, field, member, depth + 1, true)
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) place(event, `${field}.${key}`, (value as Record<string, unknown>)[key], depth + 1, listed)
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    const known = event[field]
    if (known === undefined) event[field] = listed ? [value] : value
    else if (Array.isArray(known)) known.push(value)
    else event[field] = [known, value]
  }
}

/** One JSON text, such as a line of NDJSON, as a flat event. Throws RejectedEvent. */
export function readEvent(json: string): FlatEvent {
  return flatten(parseJson(json))
}

/** JSON.parse, except that integers which a double cannot hold become the text of their digits. Throws RejectedEvent. */
export function parseJson(json: string): unknown {
  try {
    const record: unknown = JSON.parse(json)
    const exact = keepLongIntegers(json)
    return exact === json ? record : JSON.parse(exact)
  } catch {
    throw new RejectedEvent('malformed')
  }
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const longInteger = /^-?[1-9]\d{15,}$/

/** Puts integers that a double cannot hold in quotes, so that the digits of a 64-bit id survive parsing. */
function keepLongIntegers(json: string): string {
  if (!/\d{16}/.test(json)) return json
  return json.replace(stringOrNumber, (token) => (longInteger.test(token) && String(Number(token)) !== token ? `"${token}"` : token))
}
