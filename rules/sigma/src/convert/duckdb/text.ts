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

/** Any of several comparisons of one text. */
export interface AnyOfTexts {
  readonly kind: 'anyOf'
  readonly tests: readonly ComparedText[]
}

/** Binds a value and returns the SQL of its parameter. */
export type Bind = (value: string) => string

/** Ranges with letters whose case DuckDB 1.5 does not know; a test folds all code points on both sides. */
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
export function textCondition(test: ComparedText | AnyOfTexts, text: string, bind: Bind): string {
  if (test.kind === 'anyOf') return anyCondition(test.tests, text, bind)
  return onFolded(foldingOf(test), text, (folded) => compared(test.kind, folded, wantedBy(test), bind))
}

/** What a comparison needs of the text: nothing, `lower`, `lower` and a second look, or the exact fold. */
type Folding = (typeof foldings)[number]
const foldings = ['none', 'lower', 'checked', 'exact'] as const

function onFolded(folding: Folding, text: string, condition: (folded: string) => string): string {
  switch (folding) {
    case 'none':
      return condition(text)
    case 'lower':
      return condition(`lower(${text})`)
    case 'checked':
      return `(${condition(`lower(${text})`)} AND ${condition(foldedButLetters(text))})`
    case 'exact':
      return condition(foldedExactly(text))
  }
}

function foldingOf(test: ComparedText): Folding {
  if (test.cased) return 'none'
  const wanted = wantedBy(test)
  const anyCharacter = test.kind === 'glob' && parseGlob(wanted).some(({ kind }) => kind === 'one')
  if (anyCharacter || [...wanted].some((character) => touched.has(character))) return 'exact'
  if (!/[\p{L}\u0080-\u{10ffff}]/u.test(wanted)) return 'none'
  // What `İ` leaves of an `i` is found too often by the quick comparison and never too rarely.
  return wanted.includes('i') ? 'checked' : 'lower'
}

/** The text or pattern of a test as it is compared. */
function wantedBy(test: ComparedText): string {
  const written = textOf(test.kind === 'glob' ? test.pattern : test.value) ?? ''
  return test.cased ? written : fold(written)
}

/** Texts that need the same fold are compared in one go. */
function anyCondition(tests: readonly ComparedText[], text: string, bind: Bind): string {
  const conditions = foldings.flatMap((folding) => {
    const group = tests.filter((test) => foldingOf(test) === folding)
    const short = group.filter((test) => wantedBy(test).length <= longestWanted)
    const alone = short.length < 2 ? group : group.filter((test) => !short.includes(test))
    const together = short.length < 2 ? [] : [onFolded(folding, text, (folded) => anyCompared(short, folded, bind))]
    return [...together, ...alone.map((test) => textCondition(test, text, bind))]
  })
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' OR ')})`
}

/** RE2 refuses patterns whose programs are too large, far above these. */
const longestPattern = 4000
const longestWanted = 1000

/** One pass of RE2 takes as long for many texts as for one. */
function anyCompared(tests: readonly ComparedText[], text: string, bind: Bind): string {
  if (tests.every(({ kind }) => kind === 'equals')) return `${text} IN (${tests.map((test) => bind(wantedBy(test))).join(', ')})`
  const patterns: string[] = []
  for (const test of tests) {
    const pattern = patternOf(test)
    const last = patterns.at(-1)
    if (last === undefined || last.length + pattern.length > longestPattern) patterns.push(pattern)
    else patterns[patterns.length - 1] = `${last}|${pattern}`
  }
  // The group keeps DuckDB from turning a pattern into LIKE, see regex.ts.
  const found = patterns.map((pattern) => `regexp_matches(${text}, ${bind(`(?s)(${pattern})`)})`)
  return found.length === 1 ? (found[0] as string) : `(${found.join(' OR ')})`
}

/** The RE2 pattern that finds what the test wants. */
function patternOf(test: ComparedText): string {
  const wanted = wantedBy(test)
  switch (test.kind) {
    case 'equals':
      return `^${escapeRegex(wanted)}$`
    case 'prefix':
      return `^${escapeRegex(wanted)}`
    case 'suffix':
      return `${escapeRegex(wanted)}$`
    case 'contains':
      return escapeRegex(wanted)
    case 'glob':
      return `^${globPattern(parseGlob(wanted))}$`
  }
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
  if (parts.some((part) => part.kind === 'text' && part.text.length > longestPattern) || parts.length > longestPattern) {
    return `${text} LIKE ${bind(likePattern(parts))} ESCAPE '\\'`
  }
  const full = `regexp_full_match(${text}, ${bind(`(?s)${globPattern(parts)}`)})`
  const literals = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  const longest = literals.reduce((best, literal) => (literal.length > best.length ? literal : best), '')
  return longest.length < 3 ? full : `(contains(${text}, ${bind(longest)}) AND ${full})`
}

function globPattern(parts: readonly GlobPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? escapeRegex(part.text) : part.kind === 'one' ? '.' : '.*')).join('')
}

function likePattern(parts: readonly GlobPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text.replace(/[%_\\]/g, '\\$&') : part.kind === 'one' ? '_' : '%')).join('')
}

/** A text as an RE2 pattern that matches only it. */
function escapeRegex(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\x{${(character.codePointAt(0) as number).toString(16)}}`)
}
