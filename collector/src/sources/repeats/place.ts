import { frameName } from './names.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The name of an event that says where it was read, an offset in a file or a record of a Windows log, as Beats do: all that it says, which no other event
 * says. `undefined` for an event without a place, which may equal another. Its bytes would be no name: a Beat that sends an event again writes the
 * members of its objects in another order.
 */
export function placeName(source: string, event: Json): string | undefined {
  const hasPlace = valueAt(event, 'log', 'offset') !== undefined || valueAt(event, 'winlog', 'record_id') !== undefined
  return hasPlace ? frameName(source, 'event', inOrder(event)) : undefined
}

export function valueAt(event: Json, outer: string, inner: string): unknown {
  const value = event[outer]
  return typeof value === 'object' && value !== null ? (value as Json)[inner] : undefined
}

/** As JSON, with the members of every object by their names. */
function inOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`
  const members = Object.keys(value).toSorted()
  return `{${members.map((name) => `${JSON.stringify(name)}:${inOrder((value as Json)[name])}`).join(',')}}`
}
