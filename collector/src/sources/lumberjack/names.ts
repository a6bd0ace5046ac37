import { frameName, placeName, valueAt } from '../repeats/index.ts'

/** What a repeat of an event is known by, where its sender did not see the answer; `undefined` for an event that may equal another. */
export function nameOf(source: string, event: Readonly<Record<string, unknown>>): string | undefined {
  const id = valueAt(event, '@metadata', '_id')
  return typeof id === 'string' && id !== '' ? frameName(source, 'id', id) : placeName(source, event)
}
