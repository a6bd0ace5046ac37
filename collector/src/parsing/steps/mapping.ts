import { isIP } from 'node:net'
import type { FieldValue, Scalar } from '@vonggac/contract'
import type { dateFormats, valueTypes } from '../definition.ts'
import { textOf, type Draft, type Step } from '../draft.ts'
import { parseClf, parseIsoLocal, parseRfc3164, parseRfc3339 } from '../time.ts'

/** The steps that move and change fields. All but `date` and `convert` always succeed: a field that is not there is left alone. */

type DateFormat = (typeof dateFormats)[number]
type ValueType = (typeof valueTypes)[number]

/** The field's time becomes the event's; the field goes. */
export function date(field: string, formats: readonly DateFormat[]): Step {
  return (draft) => {
    const text = textOf(draft.fields, field)
    if (text === undefined) return false
    for (const format of formats) {
      const at = readTime(format, text, draft)
      if (at === undefined || Math.abs(at) > 8.64e15) continue
      draft.timeMs = at
      draft.fields.delete(field)
      return true
    }
    return false
  }
}

function readTime(format: DateFormat, text: string, { receivedMs, timeZone }: Draft): number | undefined {
  switch (format) {
    case 'rfc3339':
      return parseRfc3339(text)
    case 'iso-local':
      return parseIsoLocal(text, timeZone)
    case 'clf':
      return parseClf(text)
    case 'rfc3164':
      return parseRfc3164(text, receivedMs, timeZone)
    case 'epoch-s':
      return /^\d{1,11}(\.\d+)?$/.test(text) ? Math.floor(Number(text) * 1000) : undefined
    case 'epoch-ms':
      return /^\d{1,14}$/.test(text) ? Number(text) : undefined
  }
}

/** A field that is not there is no failure; a value that is not of the type is, and an optional step removes it. */
export function convert(types: Readonly<Record<string, ValueType>>, optional: boolean): Step {
  const entries = Object.entries(types)
  return ({ fields }) => {
    for (const [field, type] of entries) {
      const text = textOf(fields, field)
      if (text === undefined) continue
      const value = converters[type](text)
      if (value !== undefined) fields.set(field, value)
      else if (optional) fields.delete(field)
      else return false
    }
    return true
  }
}

const converters: Readonly<Record<ValueType, (text: string) => Scalar | undefined>> = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (/^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : undefined),
  string: (text) => text,
  ip: (text) => (isIP(text) ? text : undefined),
}

export function set(values: Readonly<Record<string, FieldValue>>): Step {
  const entries = Object.entries(values)
  return ({ fields }) => {
    for (const [field, value] of entries) fields.set(field, value)
    return true
  }
}

/** `{to: from}`. */
export function copy(names: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(names)
  return ({ fields }) => {
    for (const [to, from] of entries) {
      const value = fields.get(from)
      if (value !== undefined) fields.set(to, value)
    }
    return true
  }
}

/** `{from: to}`. */
export function rename(names: Readonly<Record<string, string>>): Step {
  const entries = Object.entries(names)
  return ({ fields }) => {
    for (const [from, to] of entries) {
      const value = fields.get(from)
      if (value === undefined) continue
      fields.set(to, value)
      fields.delete(from)
    }
    return true
  }
}

export function remove(names: readonly string[]): Step {
  return ({ fields }) => {
    for (const name of names) fields.delete(name)
    return true
  }
}

export function lowercase(names: readonly string[]): Step {
  return ({ fields }) => {
    for (const name of names) {
      const value = fields.get(name)
      if (typeof value === 'string') fields.set(name, value.toLowerCase())
    }
    return true
  }
}

/** Looks the field's text up in `values` and puts what it finds, or `otherwise`, into `to`. Of an array, the first member that is found counts. */
export function map(field: string, to: string, values: Readonly<Record<string, Scalar>>, otherwise: Scalar | undefined): Step {
  const table = new Map(Object.entries(values))
  return ({ fields }) => {
    const own = fields.get(field)
    const members = Array.isArray(own) ? own : [own]
    const key = members.map(String).find((member) => table.has(member))
    const value = key === undefined ? otherwise : table.get(key)
    if (value !== undefined) fields.set(to, value)
    return true
  }
}

/** Splits `url.original` into `url.path` and `url.query` (ECS), and into `url.domain` where it names one. Kept as sent: nothing is decoded. */
export function url(field: string): Step {
  return ({ fields }) => {
    let rest = textOf(fields, field)
    if (rest === undefined) return true
    const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(rest)
    if (absolute) {
      const domain = absolute[1]!.replace(/^[^@]*@/, '').replace(/:\d+$/, '')
      if (domain !== '') fields.set('url.domain', domain)
      rest = rest.slice(absolute[0].length)
    }
    const fragment = rest.indexOf('#')
    const plain = fragment < 0 ? rest : rest.slice(0, fragment)
    const mark = plain.indexOf('?')
    const path = mark < 0 ? plain : plain.slice(0, mark)
    if (path !== '') fields.set('url.path', path)
    if (mark >= 0 && mark + 1 < plain.length) fields.set('url.query', plain.slice(mark + 1))
    return true
  }
}
