import type { FlatEvent, RouteReply, Routes, Scalar } from '@vonggac/contract'

export type FieldList = RouteReply<Routes['listFields']>['items']
type FieldType = FieldList[number]['type']

/** Values of a field that the list shows. */
const shown = 5
/** Longer values say little in a list and would make it heavy. */
const longest = 200
/** Fields of one list: senders choose names, so there may be any number. */
const mostFields = 1_000

/** The fields of these events, by name, each with its most frequent values. An event with several values of a field counts for each. */
export function fieldsOf(events: readonly FlatEvent[]): FieldList {
  const fields = new Map<string, { events: number; values: Map<Scalar, number> }>()
  for (const event of events) {
    for (const [name, value] of Object.entries(event)) {
      const values = new Set(Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar])
      values.delete(null)
      if (values.size === 0) continue
      const field = fields.get(name) ?? { events: 0, values: new Map<Scalar, number>() }
      fields.set(name, field)
      field.events++
      for (const each of values) field.values.set(each, (field.values.get(each) ?? 0) + 1)
    }
  }
  return [...fields]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, mostFields)
    .map(([name, { events: count, values }]) => ({
      name,
      type: typeOf([...values.keys()]),
      events: count,
      values: [...values]
        .toSorted((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1))
        .filter(([value]) => String(value).length <= longest)
        .slice(0, shown)
        .map(([value, times]) => ({ value, count: times })),
    }))
}

const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(:\d{1,3}(\.\d{1,3}){3})?)$/i
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** What all the values are; text where they differ. */
function typeOf(values: readonly Scalar[]): FieldType {
  const every = (test: (value: Scalar) => boolean) => values.every(test)
  if (every((value) => typeof value === 'number')) return 'number'
  if (every((value) => typeof value === 'boolean')) return 'boolean'
  if (every((value) => typeof value === 'string' && address.test(value))) return 'address'
  if (every((value) => typeof value === 'string' && time.test(value))) return 'time'
  return 'text'
}
