import { frameName } from '../repeats/index.ts'

/**
 * What a repeat of an event is known by, where its sender did not see the answer: `@metadata._id`, if the sender gave it one; otherwise all that it says, if
 * that tells of its place (an offset in a file, a record of a Windows log), which no other event has. `undefined` for an event that may equal another.
 */
export function nameOf(source: string, event: Readonly<Record<string, unknown>>, bytes: Buffer): string | undefined {
  const id = at(event, '@metadata', '_id')
  if (typeof id === 'string' && id !== '') return frameName(source, 'id', id)
  const hasPlace = at(event, 'log', 'offset') !== undefined || at(event, 'winlog', 'record_id') !== undefined
  return hasPlace ? frameName(source, 'event', bytes.toString('latin1')) : undefined
}

function at(event: Readonly<Record<string, unknown>>, outer: string, inner: string): unknown {
  const value = event[outer]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[inner] : undefined
}
