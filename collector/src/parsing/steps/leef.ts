import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import { setDefined } from './dictionary.ts'
import { leefDictionary } from './leef-dictionary.ts'
import { readHeader, setObserver, startOfHeader } from './vendor-header.ts'

/**
 * IBM's Log Event Extended Format: `LEEF:1.0|vendor|product|version|event|key=value<TAB>key=value`; version 2.0 names the character between
 * pairs in a sixth part of the header, as itself or as `x09` or `0x09`. The header becomes `observer.*` and `event.code`; predefined keys become ECS
 * fields, all others `prefix` and key. The text goes; `message` is `msg`.
 */
export function leef(field: string, prefix: string): Step {
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const start = startOfHeader(fields, text, 'LEEF')
    const second = start >= 0 && text.startsWith('2.', start)
    const header = start < 0 ? undefined : (second && readWithDelimiter(text, start)) || readHeader(text, start, 5)
    if (!header || !/^\d\.\d$/.test(header.parts[0]!)) return false
    fields.delete(field)
    setObserver(fields, 'LEEF', header.parts.slice(1))
    const delimiter = (second && delimiterOf(header.parts[5])) || '\t'
    const pairs = text.slice(header.end).split(delimiter, mostSenderFields + 1)
    if (pairs.length > mostSenderFields) append(fields, 'tags', [tooManyFieldsTag])
    for (const pair of pairs.slice(0, mostSenderFields)) {
      const assigned = pair.indexOf('=')
      const key = pair.slice(0, Math.max(0, assigned)).trim()
      const value = pair.slice(assigned + 1).trim()
      if (key === '' || key.length > 128 || value === '') continue
      if (!setDefined(fields, leefDictionary, key, value)) fields.set(prefix + key, value)
    }
    return true
  }
}

/** Some senders of 2.0 leave the delimiter out: then the sixth part would reach into the pairs. */
function readWithDelimiter(text: string, start: number): ReturnType<typeof readHeader> {
  const header = readHeader(text, start, 6)
  return header && (header.parts[5] === '' || delimiterOf(header.parts[5]) !== undefined) ? header : undefined
}

function delimiterOf(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined
  const code = /^(?:0?x)([0-9a-f]{1,4})$/i.exec(part)
  if (code) return String.fromCharCode(parseInt(code[1]!, 16))
  return part.length === 1 ? part : undefined
}
