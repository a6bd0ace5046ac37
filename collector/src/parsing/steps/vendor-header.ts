import type { Fields } from '../../fields.ts'

/**
 * The bar-separated header that CEF and LEEF share. Reads `count` parts from `start` on; a backslash escapes a bar and itself.
 * @returns the parts and the offset behind the last bar, or `undefined` when there are fewer bars
 */
export function readHeader(
  text: string,
  start: number,
  count: number,
): { readonly parts: readonly string[]; readonly end: number } | undefined {
  const parts: string[] = []
  let at = start
  let from = start
  let escaped = false
  while (parts.length < count) {
    const character = text[at]
    if (character === undefined) return undefined
    if (character === '\\') {
      escaped = true
      at++
    } else if (character === '|') {
      const part = text.slice(from, at)
      parts.push(escaped ? part.replaceAll(/\\([|\\])/g, '$1') : part)
      from = at + 1
      escaped = false
    }
    at++
  }
  return { parts, end: at }
}

/** Offset behind `CEF:` or `LEEF:`, or -1. Read by the syslog header, the word is its program, and the text begins with the version. */
export function startOfHeader(fields: Fields, text: string, word: string): number {
  if (text.startsWith(`${word}:`)) return word.length + 1
  if (fields.get('process.name') === word) return 0
  const found = text.indexOf(` ${word}:`)
  return found < 0 ? -1 : found + word.length + 2
}

const names = ['observer.vendor', 'observer.product', 'observer.version', 'event.code'] as const

/** Vendor, product, version and kind of event stand first in both. The word of the format is no program. */
export function setObserver(fields: Fields, word: string, parts: readonly string[]): void {
  if (fields.get('process.name') === word) fields.delete('process.name')
  for (const [index, name] of names.entries()) {
    const value = parts[index]!
    if (value !== '') fields.set(name, value)
  }
}
