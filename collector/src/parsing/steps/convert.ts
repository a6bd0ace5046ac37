import type { Scalar } from '@vonggac/contract'
import { isAddress } from '../../enrichment/index.ts'
import { fieldId } from '../../field-names.ts'
import { digitsAt } from '../digits.ts'
import type { Step } from '../draft.ts'

export const valueTypes = ['integer', 'number', 'boolean', 'string', 'ip', 'hexadecimal'] as const
export type ValueType = (typeof valueTypes)[number]

/** A field that is not there is no failure; a value that is not of the type is, and an optional step removes it. Of a list, every member counts. */
export function convert(types: Readonly<Record<string, ValueType>>, optional: boolean): Step {
  const entries = Object.entries(types).map(([field, type]) => [fieldId(field), type] as const)
  return ({ fields }) => {
    for (const [field, type] of entries) {
      const own = fields.get(field)
      if (own === undefined || own === null) continue
      const value = Array.isArray(own) ? convertMembers(own as readonly Scalar[], type, optional) : convertOne(own as Scalar, type)
      if (value !== undefined) fields.set(field, value)
      else if (optional) fields.delete(field)
      else return false
    }
    return true
  }
}

function convertMembers(members: readonly Scalar[], type: ValueType, optional: boolean): readonly Scalar[] | undefined {
  const converted: Scalar[] = []
  for (const member of members) {
    const value = convertOne(member, type)
    if (value !== undefined) converted.push(value)
    else if (!optional) return undefined
  }
  return converted.length > 0 ? converted : undefined
}

function convertOne(value: Scalar, type: ValueType): Scalar | undefined {
  return converters[type](String(value))
}

export const converters: Readonly<Record<ValueType, (text: string) => Scalar | undefined>> = {
  integer: readInteger,
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (/^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : undefined),
  string: (text) => text,
  ip: (text) => (isAddress(text) ? text : undefined),
  /** Windows writes the numbers of processes as `0x1a2c`. */
  hexadecimal: (text) => (/^0x[0-9a-f]{1,12}$/i.test(text) ? Number(text) : undefined),
}

/** At most fifteen digits, so that every one counts. */
function readInteger(text: string): number | undefined {
  const { length } = text
  const start = text.startsWith('-') ? 1 : 0
  if (length === start || length > start + 15) return undefined
  const value = digitsAt(text, start, length)
  return Number.isNaN(value) ? undefined : start === 1 ? -value : value
}
