import type { Scalar } from '@vonggac/contract'
import { append as appendTo, textOf, type Step } from '../draft.ts'

/** The steps that make a field of others. A field that is not there leaves the result out; none of them fails but `require`. */

/** `{to: '%{date}T%{time}'}`: the reverse of dissect. */
export function format(patterns: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(patterns).map(([to, pattern]) => ({ to, pieces: pattern.split(/%\{([^}]*)\}/) }))
  return ({ fields }) => {
    for (const { to, pieces } of entries) {
      let value: string | undefined = ''
      for (let index = 0; index < pieces.length && value !== undefined; index++) {
        const piece: string | undefined = index % 2 === 0 ? pieces[index] : textOf(fields, pieces[index]!)
        value = piece === undefined ? undefined : value + piece
      }
      if (value !== undefined && value !== '') fields.set(to, value)
    }
    return true
  }
}

/** `{to: [field, …]}`: adds up the numbers that are there. */
export function sum(fields: Readonly<Record<string, readonly string[]>>): Step {
  const entries = Object.entries(fields)
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
  const entries = Object.entries(values)
  return ({ fields }) => {
    for (const [field, more] of entries) appendTo(fields, field, more)
    return true
  }
}

/** Parts of a list that are kept: longer ones are no lists. */
const mostParts = 200

/** `{field: ', '}`: a text that lists values becomes a list of them; one without the separator a list of one, as ECS wants it of some fields. */
export function split(separators: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(separators)
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
const nanoseconds = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 }

/** A field's duration becomes `event.duration` in nanoseconds (ECS); the field goes. `clock` is `1:02:03`, hours first, also with days: `1d 2:03:04`. */
export function duration(field: string, unit: (typeof durationUnits)[number]): Step {
  return ({ fields }) => {
    const text = textOf(fields, field)
    if (text === undefined) return true
    fields.delete(field)
    const value = unit === 'clock' ? readClock(text) : /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) * nanoseconds[unit] : undefined
    if (value !== undefined && value <= Number.MAX_SAFE_INTEGER) fields.set('event.duration', Math.round(value))
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
export function require({ field, is, not = [] }: RequireOptions): Step {
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
