import type { Step } from '../draft.ts'
import { flattenInto } from './flatten.ts'

/**
 * Reads the field's text as a JSON object and adds its fields, flat, each name behind `prefix`; the text itself goes. `names` gives keys of the
 * object, and all that is below them, another name instead.
 */
export function json(field: string, prefix: string, names: Readonly<Record<string, string>> = {}): Step {
  const renamed = new Map(Object.entries(names))
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const value = parse(text)
    if (value === undefined) return false
    fields.delete(field)
    if (renamed.size === 0) flattenInto(fields, value, prefix)
    else for (const key of Object.keys(value)) flattenInto(fields, { [renamed.get(key) ?? prefix + key]: value[key] })
    return true
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
