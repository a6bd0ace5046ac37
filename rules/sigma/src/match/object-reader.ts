import { flatten } from '../ir/event.ts'
import type { FlatEvent, Scalar } from '../ir/expression.ts'
import { type EventView, inObject } from './event-view.ts'

/**
 * Fills the view with a parsed event, flat or nested. Fields with `keep` are folded at once, all strings with `keepEveryString`.
 * Throws RejectedEvent for what is nested too deep to be an event.
 */
export function readObject(view: EventView, event: FlatEvent, keep: Uint8Array, keepEveryString: boolean): void {
  const flat = isFlat(event) ? event : flatten(event)
  const { fields } = view
  view.begin(0, keepEveryString)
  view.object = flat
  view.fromLine = false
  for (const name of Object.keys(flat)) {
    const value = flat[name]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    const field = fields.idOf(name)
    if (field !== undefined) {
      view.present[field] = view.generation
      view.form[field] = inObject
      if (keep[field] === 1 || keepEveryString) view.fold(field)
    } else if (keepEveryString) {
      for (const member of Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar])
        if (typeof member === 'string') view.write(member)
    }
  }
  view.endOfIndexed()
}

function isFlat(event: FlatEvent): boolean {
  for (const name of Object.keys(event)) {
    const value: unknown = event[name]
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value) || value.some((member) => typeof member === 'object' && member !== null)) return false
  }
  return true
}
