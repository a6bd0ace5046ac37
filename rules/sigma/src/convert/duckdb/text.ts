/**
 * Text comparisons in DuckDB that agree with the reference evaluator's folding (see ir/text.ts).
 *
 * DuckDB's `lower` is JavaScript's `toLowerCase` one character at a time, with three differences: `İ` becomes `i` instead of the two
 * characters `i̇`, the final sigma `ς` stays, and DuckDB's Unicode tables lack the letters of `newLetters`. A needle that has none of the
 * characters concerned is compared with `lower(text)` alone, which is what nearly all are; the others with a fold that repairs the three.
 */
import type { Test } from '../../ir/expression.ts'
import { globMatches, parseGlob, type GlobPart } from '../../ir/glob.ts'
import { fold, textOf } from '../../ir/text.ts'

export type ComparedText = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' | 'glob' }>

/** Binds a value and returns the SQL of its parameter. */
export type Bind = (value: string) => string

/** Ranges with letters whose case DuckDB 1.5.6 does not know; found by folding all code points on both sides. */
const newLetters = [
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7dc],
  [0x10d50, 0x10d65],
  [0x16ea0, 0x16eb8],
] as const

const unfolded: string[] = ['ς']
for (const [first, last] of newLetters) {
  for (let point = first; point <= last; point++) {
    const letter = String.fromCodePoint(point)
    if (fold(letter) !== letter) unfolded.push(letter)
  }
}
const refolded = unfolded.map(fold)
const touched = new Set([...unfolded, ...refolded, '\u0307'])

/** SQL of a text with differences of case removed, for every text there is. */
export function foldedExactly(text: string): string {
  return `translate(${foldedButLetters(text)}, '${unfolded.join('')}', '${refolded.join('')}')`
}

function foldedButLetters(text: string): string {
  return `lower(replace(${text}, 'İ', 'i\u0307'))`
}

/** SQL that is true when the text (SQL, never a list) passes the test, and false or NULL when it does not. */
export function textCondition(test: ComparedText, text: string, bind: Bind): string {
  const written = textOf(test.kind === 'glob' ? test.pattern : test.value) ?? ''
  if (test.cased) return compared(test.kind, text, written, bind)
  const wanted = fold(written)
  const onFolded = (folded: string) => compared(test.kind, folded, wanted, bind)
  const anyCharacter = test.kind === 'glob' && parseGlob(wanted).some(({ kind }) => kind === 'one')
  if (anyCharacter || [...wanted].some((character) => touched.has(character))) return onFolded(foldedExactly(text))
  if (!/[\p{L}\u0080-\u{10ffff}]/u.test(wanted)) return onFolded(text)
  const quick = onFolded(`lower(${text})`)
  // What `İ` leaves of an `i` is found too often by the quick comparison and never too rarely.
  return wanted.includes('i') ? `(${quick} AND ${onFolded(foldedButLetters(text))})` : quick
}

function compared(kind: ComparedText['kind'], text: string, wanted: string, bind: Bind): string {
  switch (kind) {
    case 'equals':
      return `${text} = ${bind(wanted)}`
    case 'prefix':
      return `starts_with(${text}, ${bind(wanted)})`
    case 'suffix':
      return `ends_with(${text}, ${bind(wanted)})`
    case 'contains':
      return `contains(${text}, ${bind(wanted)})`
    case 'glob':
      return globCondition(parseGlob(wanted), text, bind)
  }
}

function globCondition(parts: readonly GlobPart[], text: string, bind: Bind): string {
  if (parts.every(({ kind }) => kind === 'many') && globMatches(parts, '')) {
    return parts.length === 0 ? `${text} = ''` : `${text} IS NOT NULL`
  }
  const pattern = parts.map((part) => (part.kind === 'text' ? escapeRegex(part.text) : part.kind === 'one' ? '.' : '.*')).join('')
  const full = `regexp_full_match(${text}, ${bind(`(?s)${pattern}`)})`
  const literals = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  const longest = literals.reduce((best, literal) => (literal.length > best.length ? literal : best), '')
  return longest.length < 3 ? full : `(contains(${text}, ${bind(longest)}) AND ${full})`
}

/** A text as an RE2 pattern that matches only it. */
export function escapeRegex(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\x{${(character.codePointAt(0) as number).toString(16)}}`)
}
