import { flatten } from '../ir/event.ts'
import type { FlatEvent, Scalar } from '../ir/expression.ts'
import { type EventView, inObject } from './event-view.ts'

/**
 * Fills the view with a parsed event, flat or nested. Fields with `keep` are folded at once, all strings with `keepEveryString`.
 * Throws RejectedEvent for what is nested too deep to be an event.
 */
export function readObject(view: EventView, event: FlatEvent, keep: Uint8Array, keepEveryString: boolean): void {
  if (!readFlat(view, event, keep, keepEveryString)) readFlat(view, flatten(event), keep, keepEveryString)
}

/** False, with the view's content meaning nothing, where the event is not flat. */
function readFlat(view: EventView, event: FlatEvent, keep: Uint8Array, keepEveryString: boolean): boolean {
  const { fields, generation } = view.begin(0, keepEveryString)
  view.object = event
  view.fromLine = false
  for (const name of Object.keys(event)) {
    const value = event[name]
    if (typeof value === 'object' && value !== null && !isListOfScalars(value)) return false
    const field = fields.idOf(name)
    if (field !== undefined && value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      view.present[field] = generation
      view.form[field] = inObject
      view.objectValues[field] = value
      if (keep[field] === 1 || keepEveryString) view.fold(field)
    } else if (keepEveryString) {
      for (const member of Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar])
        if (typeof member === 'string') view.write(member)
    }
  }
  view.endOfIndexed()
  return true
}

function isListOfScalars(value: unknown): boolean {
  return Array.isArray(value) && value.every((member) => typeof member !== 'object' || member === null)
}
