import { fieldId } from '../../field-names.ts'
import type { Step } from '../draft.ts'
import { flattenInto } from './flatten.ts'

/**
 * Reads the field's text as a JSON object and adds its fields, flat, each name behind `prefix`; the text itself goes. `names` gives keys of the
 * object (with dots, keys within it), and all that is below them, another name instead.
 */
export function json(field: string, prefix: string, names: Readonly<Record<string, string>> = {}): Step {
  const entries = Object.entries(names)
  const renamed = new Map(entries.filter(([path]) => !path.includes('.')))
  const moved = entries.filter(([path]) => path.includes('.')).map(([path, to]) => ({ path: path.split('.'), to }))
  const from = fieldId(field)
  return ({ fields }) => {
    const text = fields.get(from)
    if (typeof text !== 'string') return false
    const value = parseObject(text)
    if (value === undefined) return false
    fields.delete(from)
    for (const { path, to } of moved) {
      const found = take(value, path)
      if (found !== undefined) flattenInto(fields, { [to]: found })
    }
    if (renamed.size === 0) flattenInto(fields, value, prefix)
    else for (const key of Object.keys(value)) flattenInto(fields, { [renamed.get(key) ?? prefix + key]: value[key] })
    return true
  }
}

/** What stands at the path, which is then no more there. */
function take(object: Record<string, unknown>, path: readonly string[]): unknown {
  let holder: Record<string, unknown> = object
  for (const key of path.slice(0, -1)) {
    const inner = ownMember(holder, key)
    if (!isObject(inner)) return undefined
    holder = inner
  }
  const last = path.at(-1)!
  const found = ownMember(holder, last)
  delete holder[last]
  return found
}

/** `constructor` is a name like any other. */
function ownMember(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** `undefined` for a text that is no JSON object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
