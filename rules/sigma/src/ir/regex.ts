/** Regular expressions of rules: RE2's syntax, which has no form whose time explodes. */
import { RE2JS } from 're2js'

/** Longer patterns are refused; the longest of the public rules has 500 characters. */
export const maxRegexLength = 4096

const flagValues: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }

/** A search of the pattern anywhere in a text, in time linear in the text. Throws a SyntaxError that says what RE2 cannot do with the pattern. */
export function compileRegex(source: string, flags: string): (text: string) => boolean {
  if (source.length > maxRegexLength) throw new SyntaxError(`the regular expression is longer than ${maxRegexLength} characters`)
  let mask = 0
  for (const flag of flags) {
    const value = flagValues[flag]
    if (value === undefined) throw new SyntaxError(`"${flag}" is not a flag of a regular expression; use i, m or s`)
    mask |= value
  }
  try {
    const compiled = RE2JS.compile(source, mask)
    return (text) => compiled.test(text)
  } catch (cause) {
    throw new SyntaxError(`not a regular expression that runs in linear time: ${(cause as Error).message}`, { cause })
  }
}
