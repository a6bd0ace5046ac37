import { isIP } from 'node:net'
import type { Scalar } from '@vonggac/contract'
import { textOf, type Step } from '../draft.ts'

export const valueTypes = ['integer', 'number', 'boolean', 'string', 'ip'] as const
export type ValueType = (typeof valueTypes)[number]

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

export const converters: Readonly<Record<ValueType, (text: string) => Scalar | undefined>> = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (/^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : undefined),
  string: (text) => text,
  ip: (text) => (isIP(text) ? text : undefined),
}
