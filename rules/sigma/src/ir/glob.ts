/** Wildcard patterns, as Sigma writes them. A character is a Unicode code point. */

export type GlobPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'one' } | { readonly kind: 'many' }

/** The pattern as literal runs and wildcards; neighbouring `*` are one. A backslash before another character than `*`, `?`, `\` is itself. */
export function parseGlob(pattern: string): GlobPart[] {
  const parts: GlobPart[] = []
  let text = ''
  const wildcard = (kind: 'one' | 'many') => {
    if (text !== '') parts.push({ kind: 'text', text })
    text = ''
    if (kind === 'one' || parts.at(-1)?.kind !== 'many') parts.push({ kind })
  }
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i)
    const next = pattern.charAt(i + 1)
    if (character === '*') wildcard('many')
    else if (character === '?') wildcard('one')
    else if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next
      i++
    } else text += character
  }
  if (text !== '') parts.push({ kind: 'text', text })
  return parts
}

/** The literal text as a pattern that matches only it. */
export function escapeGlob(text: string): string {
  return text.replace(/[*?\\]/g, '\\$&')
}

/** Whether the whole text has the pattern's form. Takes at most time text × pattern: the last `*` alone is ever retried. */
export function globMatches(parts: readonly GlobPart[], text: string): boolean {
  const pattern: (string | 0 | 1)[] = []
  for (const part of parts) {
    if (part.kind === 'text') pattern.push(...part.text)
    else pattern.push(part.kind === 'one' ? 0 : 1)
  }
  const characters = Array.from(text)
  let at = 0
  let p = 0
  let starAt = -1
  let starP = -1
  while (at < characters.length) {
    const wanted = pattern[p]
    if (wanted === 1) {
      starP = p++
      starAt = at
    } else if (p < pattern.length && (wanted === 0 || wanted === characters[at])) {
      p++
      at++
    } else if (starP >= 0) {
      p = starP + 1
      at = ++starAt
    } else return false
  }
  while (pattern[p] === 1) p++
  return p === pattern.length
}
