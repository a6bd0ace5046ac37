import type { Fields } from '../../fields.ts'
import { converters, type ValueType } from './convert.ts'

/** Keys that a format defines: the ECS field of each, and its type when it is no text. */
export type Dictionary = ReadonlyMap<string, readonly [field: string, type?: ValueType]>

/** Sets a defined key's field. @returns `false` for a key that is not defined, and for a value that is not of the field's type */
export function setDefined(fields: Fields, dictionary: Dictionary, key: string, value: string): boolean {
  const entry = dictionary.get(key)
  if (!entry) return false
  const [field, type] = entry
  const converted = type === undefined ? value : converters[type](value)
  if (converted === undefined) return false
  fields.set(field, converted)
  return true
}
