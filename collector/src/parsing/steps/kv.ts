import type { Step } from '../draft.ts'

/**
 * `key=value key2="a value"`: values may stand in double quotes, where a backslash escapes. It reads nothing when the text holds no pair;
 * words between pairs are skipped, and a key that comes twice keeps its last value.
 */
export function kv({ field, separator, assign, prefix }: { field: string; separator: string; assign: string; prefix: string }): Step {
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const pairs = readPairs(text, separator, assign)
    for (const [key, value] of pairs) fields.set(prefix + key, value)
    return pairs.length > 0
  }
}

function readPairs(text: string, separator: string, assign: string): [string, string][] {
  const pairs: [string, string][] = []
  let at = 0
  while (at < text.length) {
    const assigned = text.indexOf(assign, at)
    if (assigned < 0) break
    const before = text.slice(at, assigned)
    const separated = before.lastIndexOf(separator)
    const key = (separated < 0 ? before : before.slice(separated + separator.length)).trim()
    const [value, next] = readValue(text, assigned + assign.length, separator)
    if (key !== '') pairs.push([key, value])
    at = next
  }
  return pairs
}

function readValue(text: string, start: number, separator: string): [value: string, next: number] {
  if (text[start] !== '"') {
    const end = text.indexOf(separator, start)
    return end < 0 ? [text.slice(start), text.length] : [text.slice(start, end), end + separator.length]
  }
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  const value = text.slice(start + 1, at).replaceAll(/\\(.)/gs, '$1')
  return [value, at + 1]
}
