import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import { cefDictionary } from './cef-dictionary.ts'
import { setDefined } from './dictionary.ts'
import { readHeader, setObserver, startOfHeader } from './vendor-header.ts'

/** A key of the extension; what else stands before an equals sign is part of the value, because many senders do not escape it. */
const keyPattern = /^[A-Za-z_][\w.[\]-]{0,63}$/
/** Keys for values of the sender's own: `cs1=web cs1Label=Zone`. */
const customKey = /^(?:cs|cn|cfp|c6a|flexString|flexNumber|flexDate|deviceCustomDate)\d$/

/** Severity as a number: the words are the ranges of the specification, and the number is the upper end of each. */
const severities: ReadonlyMap<string, number> = new Map([
  ['low', 3],
  ['medium', 6],
  ['high', 8],
  ['very-high', 10],
])

/**
 * ArcSight's Common Event Format: `CEF:0|vendor|product|version|class|name|severity|key=value key=value`, also behind other text. The
 * header becomes `observer.*`, `event.code` and `event.severity`; the keys that the specification defines become ECS
 * fields, all others, and defined ones with a value of a wrong type, `prefix` and key. A custom value goes by its label: `cs1=web
 * cs1Label=Zone` is `cef.zone: web`. The text goes; `message` is `msg`, or else the name.
 */
export function cef(field: string, prefix: string): Step {
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const start = startOfHeader(fields, text, 'CEF')
    const header = start < 0 ? undefined : readHeader(text, start, 7)
    if (!header || !/^\d{1,3}$/.test(header.parts[0]!)) return false
    const [, , , , , name, severity] = header.parts as [string, string, string, string, string, string, string]
    fields.delete(field)
    setObserver(fields, 'CEF', header.parts.slice(1))
    const level = severities.get(severity.toLowerCase()) ?? (/^\d{1,2}$/.test(severity) ? Number(severity) : undefined)
    if (level !== undefined) fields.set('event.severity', level)
    if (name !== '') {
      fields.set('message', name)
      fields.set(`${prefix}name`, name)
    }
    const values = new Map<string, string>()
    if (!readExtension(text, header.end, values)) append(fields, 'tags', [tooManyFieldsTag])
    for (const [key, value] of values) {
      if (value === '') continue
      const label = customKey.test(key) ? nameOf(values.get(`${key}Label`)) : undefined
      if (label !== undefined) fields.set(prefix + label, value)
      else if (!isLabel(key, values) && !setDefined(fields, cefDictionary, key, value)) fields.set(prefix + key, value)
    }
    return true
  }
}

function isLabel(key: string, values: ReadonlyMap<string, string>): boolean {
  const own = key.endsWith('Label') ? key.slice(0, -5) : ''
  return customKey.test(own) && values.has(own)
}

/** `Zone Name` → `zone_name`. */
function nameOf(label: string | undefined): string | undefined {
  const name = label
    ?.slice(0, 64)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  return name === '' ? undefined : name
}

/** A value goes on up to the word before the next key, spaces included. @returns `false` when there are more keys than are taken */
function readExtension(text: string, start: number, values: Map<string, string>): boolean {
  let key: string | undefined
  let valueAt = start
  let wordAt = start
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === ' ') wordAt = at + 1
    else if (character === '=' && at - wordAt <= 64) {
      const word = text.slice(wordAt, at)
      if (!keyPattern.test(word)) continue
      if (key !== undefined) values.set(key, unescape(text.slice(valueAt, wordAt)))
      if (values.size >= mostSenderFields) return false
      key = word
      valueAt = at + 1
      // What follows in the same word belongs to the value: it begins with "=", which no key does.
      wordAt = at
    }
  }
  if (key !== undefined) values.set(key, unescape(text.slice(valueAt)))
  return true
}

function unescape(value: string): string {
  const trimmed = value.trimEnd()
  return trimmed.includes('\\')
    ? trimmed.replaceAll(/\\(.)/gs, (_, one: string) => (one === 'n' ? '\n' : one === 'r' ? '\r' : one))
    : trimmed
}
