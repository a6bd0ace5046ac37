import { frameName } from './names.ts'

type Json = Readonly<Record<string, unknown>>

const deepest = 100

/**
 * The name of an event that says where it was read, an offset in a file or a record of a Windows log, as Beats do: all that it says, which no other event
 * says. `undefined` for an event without a place, which may equal another, and for one that is nested deeper than any Beat writes. Its bytes would be
 * no name: a Beat that sends an event again writes the members of its objects in another order.
 */
export function placeName(source: string, event: Json): string | undefined {
  const hasPlace = valueAt(event, 'log', 'offset') !== undefined || valueAt(event, 'winlog', 'record_id') !== undefined
  if (!hasPlace) return undefined
  try {
    return frameName(source, 'event', inOrder(event))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export function valueAt(event: Json, outer: string, inner: string): unknown {
  const value = event[outer]
  return typeof value === 'object' && value !== null ? (value as Json)[inner] : undefined
}

/** As JSON, with the members of every object by their names. @throws RangeError where it is nested deeper than `deepest` */
function inOrder(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth > deepest) throw new RangeError(`nested deeper than ${deepest} levels`)
  if (Array.isArray(value)) return `[${value.map((member) => inOrder(member, depth + 1)).join(',')}]`
  const members = Object.keys(value).toSorted()
  return `{${members.map((name) => `${JSON.stringify(name)}:${inOrder((value as Json)[name], depth + 1)}`).join(',')}}`
}
