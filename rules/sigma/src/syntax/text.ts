/**
 * Sigma strings: text with wildcards and placeholders. A backslash escapes only `*`, `?` and another backslash; before anything else, and at the end,
 * it is itself. So `\\*` is a backslash and a wildcard, `\*` a star, and both `\` and `\\` are one backslash.
 */
export type TextPart = string | typeof anyRun | typeof anyOne | Placeholder

/** `*`: any characters, none too, newlines too. */
export const anyRun = { wildcard: '*' } as const
/** `?`: exactly one character. */
export const anyOne = { wildcard: '?' } as const

export interface Placeholder {
  readonly placeholder: string
}

export function isPlaceholder(part: TextPart): part is Placeholder {
  return typeof part === 'object' && 'placeholder' in part
}

export function parseText(written: string): TextPart[] {
  if (!/[*?\\]/.test(written)) return written === '' ? [] : [written]
  const parts: TextPart[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push(literal)
    literal = ''
  }
  for (let index = 0; index < written.length; index++) {
    const character = written[index] as string
    const next = written[index + 1]
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next
      index++
    } else if (character === '*' || character === '?') {
      flush()
      parts.push(character === '*' ? anyRun : anyOne)
    } else {
      literal += character
    }
  }
  flush()
  return parts
}

/** A text as Sigma writes it; the inverse of `parseText`. */
export function formatText(parts: readonly TextPart[]): string {
  return parts.map(formatPart).join('')
}

function formatPart(part: TextPart): string {
  return typeof part === 'string' ? part.replace(/[*?\\]/g, '\\$&') : plainPart(part)
}

/** A part as it stands in the text, nothing escaped. */
export function plainPart(part: TextPart): string {
  if (typeof part === 'string') return part
  return isPlaceholder(part) ? `%${part.placeholder}%` : part.wildcard
}

/** The text when it has neither wildcards nor placeholders. */
export function literalText(parts: readonly TextPart[]): string | undefined {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : undefined
}

/** Neighbouring literals joined and repeated `*` reduced to one. */
export function joinParts(parts: readonly TextPart[]): TextPart[] {
  const joined: TextPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '' && !(part === anyRun && last === anyRun)) joined.push(part)
  }
  return joined
}

/** As pySigma reads them: hyphens, dots and spaces are part of a name too. */
const placeholderPattern = /%([^%\\]+)%/

/** `%name%` inside the literals becomes a placeholder. */
export function withPlaceholders(parts: readonly TextPart[]): TextPart[] {
  return parts.flatMap((part) => {
    if (typeof part !== 'string' || !part.includes('%')) return [part]
    const pieces = part.split(placeholderPattern)
    return pieces.map((piece, index): TextPart => (index % 2 === 1 ? { placeholder: piece } : piece)).filter((piece) => piece !== '')
  })
}
