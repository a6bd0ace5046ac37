import type { Scalar } from '@vonggac/contract'
import { fieldId } from '../../field-names.ts'
import { append as appendTo, textOf, type Step } from '../draft.ts'

/** The steps that make a field of others. A field that is not there leaves the result out; none of them fails but `require`. */

/** `{to: '%{date}T%{time}'}`: the reverse of dissect. */
export function format(patterns: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(patterns).map(([to, pattern]) => ({
    to: fieldId(to),
    // Texts, and the fields between them.
    pieces: pattern.split(/%\{([^}]*)\}/).map((piece, index) => (index % 2 === 0 ? piece : fieldId(piece))),
  }))
  return ({ fields }) => {
    for (const { to, pieces } of entries) {
      let value: string | undefined = ''
      for (let index = 0; index < pieces.length && value !== undefined; index++) {
        const piece = pieces[index]!
        const text = typeof piece === 'string' ? piece : textOf(fields, piece)
        value = text === undefined ? undefined : value + text
      }
      if (value !== undefined && value !== '') fields.set(to, value)
    }
    return true
  }
}

/** `{to: [field, …]}`: adds up the numbers that are there. */
export function sum(fields: Readonly<Record<string, readonly string[]>>): Step {
  const entries = Object.entries(fields).map(([to, from]) => [fieldId(to), from.map(fieldId)] as const)
  return ({ fields: own }) => {
    for (const [to, from] of entries) {
      let total: number | undefined
      for (const name of from) {
        const value = own.get(name)
        if (typeof value === 'number') total = (total ?? 0) + value
      }
      if (total !== undefined) own.set(to, total)
    }
    return true
  }
}

/** Adds values to lists: `{event.type: [denied]}`. */
export function append(values: Readonly<Record<string, readonly Scalar[]>>): Step {
  const entries = Object.entries(values).map(([field, more]) => [fieldId(field), more] as const)
  return ({ fields }) => {
    for (const [field, more] of entries) appendTo(fields, field, more)
    return true
  }
}

/** Parts of a list that are kept: longer ones are no lists. */
const mostParts = 200

/** `{field: ', '}`: a text that lists values becomes a list of them; one without the separator a list of one, as ECS wants it of some fields. */
export function split(separators: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(separators).map(([field, separator]) => [fieldId(field), separator] as const)
  return ({ fields }) => {
    for (const [field, separator] of entries) {
      const text = textOf(fields, field)
      if (text === undefined) continue
      const parts = text
        .split(separator, mostParts)
        .map((part) => part.trim())
        .filter((part) => part !== '')
      if (parts.length > 0) fields.set(field, parts)
      else fields.delete(field)
    }
    return true
  }
}

export const durationUnits = ['s', 'ms', 'us', 'ns', 'clock'] as const
const durationField = fieldId('event.duration')
const nanoseconds = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 }

/** A field's duration becomes `event.duration` in nanoseconds (ECS); the field goes. `clock` is `1:02:03`, hours first, also with days: `1d 2:03:04`. */
export function duration(field: string, unit: (typeof durationUnits)[number]): Step {
  const from = fieldId(field)
  return ({ fields }) => {
    const text = textOf(fields, from)
    if (text === undefined) return true
    fields.delete(from)
    const value = unit === 'clock' ? readClock(text) : /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) * nanoseconds[unit] : undefined
    if (value !== undefined && value <= Number.MAX_SAFE_INTEGER) fields.set(durationField, Math.round(value))
    return true
  }
}

function readClock(text: string): number | undefined {
  const match = /^(?:(\d{1,4})d ?)?(\d{1,5})h?:(\d\d?)m?:(\d\d?)s?$/.exec(text)
  if (!match) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * nanoseconds.s
}

/** Ends the parser for events whose field is not there, has none of the values of `is`, or has one of `not`. */
export function require({ field: name, is, not = [] }: RequireOptions): Step {
  const field = fieldId(name)
  if (!is && not.length === 0) return ({ fields }) => fields.has(field)
  const wanted = is && new Set(is.map(String))
  const unwanted = new Set(not.map(String))
  return ({ fields }) => {
    const text = textOf(fields, field)
    return text !== undefined && (!wanted || wanted.has(text)) && !unwanted.has(text)
  }
}

export interface RequireOptions {
  readonly field: string
  readonly is?: readonly Scalar[] | undefined
  readonly not?: readonly Scalar[] | undefined
}
