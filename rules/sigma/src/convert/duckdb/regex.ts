/**
 * Regular expressions that DuckDB's RE2 and the reference evaluator's re2js are known to read alike. Both implement one syntax; they
 * differ in the age of their Unicode tables and in how large a program they accept, and an expression that RE2 refuses would fail the
 * whole query.
 */
import { compileRegex } from '../../ir/regex.ts'
import type { Test } from '../../ir/expression.ts'

type Regex = Extract<Test, { readonly kind: 'regex' }>

/** RE2 allots its program memory for about this many repeated states; the public rules stay below 400. */
const mostRepeats = 2000

const escapes = /\\(?:[dDsSwWbBAz]|[tnrf]|[^a-zA-Z0-9]|x[0-9a-fA-F]{2}|x\{0*[0-9a-fA-F]{1,2}\})/y
const inlineFlags = /\(\?[ims]*(?:-[ims]+)?[:)]/y
const counted = /\{(\d+)(?:,(\d*))?\}/g

/** The RE2 pattern of a regular expression, or undefined where RE2 may see it differently. Throws a SyntaxError as the reference evaluator does. */
export function portablePattern({ source, flags }: Regex): string | undefined {
  compileRegex(source, flags)
  if (!isPortable(source, flags)) return undefined
  const guarded = plainAnchors.test(source) ? source : `(${source})`
  return flags === '' ? guarded : `(?${[...new Set(flags)].join('')})${guarded}`
}

/** DuckDB 1.5 turns simple patterns into LIKE and loses anchors inside them (`a$b` then finds `ab`); a group keeps it from that. */
const plainAnchors = /^\^?[^$^]*\$?$/

function isPortable(source: string, flags: string): boolean {
  let repeats = 0
  for (const [, least, most] of source.matchAll(counted)) repeats += Math.max(Number(least), Number(most ?? 0))
  if (repeats > mostRepeats) return false
  const mayFold = flags.includes('i') || source.includes('(?')
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at)
    if (character === '\\') {
      const length = matchAt(escapes, source, at)
      if (length === 0) return false
      at += length - 1
    } else if (character === '(' && source.charAt(at + 1) === '?') {
      if (matchAt(inlineFlags, source, at) === 0) return false
    } else if (character === '[' && source.charAt(at + 1) === ':') {
      return false
    } else if (character > '\x7f' && mayFold) {
      return false
    }
  }
  return true
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
