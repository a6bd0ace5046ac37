/**
 * How values become comparable: every comparison of the IR goes through these few functions, whichever engine runs it.
 *
 * Folding is a mapping of one character at a time, so that a folded text contains a folded word exactly where the text
 * contains the word: `toLowerCase` is that except for Greek final sigma, which is therefore folded to sigma. `İ` folds to the
 * two characters of `i̇` on both sides. Half a surrogate pair is no character; it counts as U+FFFD, as UTF-8 decoders read it.
 */
import type { Scalar } from './expression.ts'

const loneSurrogate = /[\uD800-\uDFFF]/gu

/** The text of a value as Sigma compares it: numbers and booleans as JSON writes them, so `EventID: 1` is the text `1`; null has none. */
export function textOf(value: Scalar): string | undefined {
  if (typeof value === 'string') return isAscii(value) ? value : value.replace(loneSurrogate, '\uFFFD')
  return value === null ? undefined : String(value)
}

/** The text with differences of case removed. */
export function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.toLowerCase().replaceAll('ς', 'σ')
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false
  return true
}

const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** The number that a value is or spells in JSON's decimal notation. A text longer than any useful number spells none. */
export function numberOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.length <= 400 && decimal.test(value) ? Number(value) : undefined
}
