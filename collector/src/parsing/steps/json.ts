import type { Step } from '../draft.ts'
import { flattenInto } from './flatten.ts'

/** Reads the field's text as a JSON object and adds its fields, flat, each name behind `prefix`; the text itself goes. */
export function json(field: string, prefix: string): Step {
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const value = parse(text)
    if (value === undefined) return false
    fields.delete(field)
    flattenInto(fields, value, prefix)
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
