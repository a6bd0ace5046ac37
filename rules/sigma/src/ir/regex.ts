/** Regular expressions of rules: RE2's syntax, which has no form whose time explodes. */
import { RE2JS } from 're2js'

/** Longer patterns are refused; the longest of the public rules has 500 characters. */
export const maxRegexLength = 4096

/** A counted repetition is compiled as that many copies; this many in all of them together make every character of a text dear. */
export const mostRepetitions = 5000

const flagValues: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL }

/** A search of the pattern anywhere in a text, in time linear in the text. Throws a SyntaxError that says what RE2 cannot do with the pattern. */
export function compileRegex(source: string, flags: string): (text: string) => boolean {
  const compiled = compile(source, flags)
  return (text) => compiled.test(text)
}

/** Where the pattern matches, from left to right, at most `limit` times: start and end in UTF-16 units. Matches of nothing are left out. */
export function findRegex(source: string, flags: string, text: string, limit: number): [start: number, end: number][] {
  const matcher = compile(source, flags).matcher(text)
  const found: [number, number][] = []
  while (found.length < limit && matcher.find()) if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()])
  return found
}

function compile(source: string, flags: string): RE2JS {
  if (source.length > maxRegexLength) throw new SyntaxError(`the regular expression is longer than ${maxRegexLength} characters`)
  if (countsTooFar(source)) throw new SyntaxError(`the regular expression counts further than ${mostRepetitions} in all`)
  let mask = 0
  for (const flag of flags) {
    const value = flagValues[flag]
    if (value === undefined) throw new SyntaxError(`"${flag}" is not a flag of a regular expression; use i, m or s`)
    mask |= value
  }
  try {
    return RE2JS.compile(source, mask)
  } catch (cause) {
    throw new SyntaxError(`not a regular expression that runs in linear time: ${(cause as Error).message}`, { cause })
  }
}

/** Whether the counted repetitions, such as `a{1,500}`, come to more than `mostRepetitions` in all. */
export function countsTooFar(source: string): boolean {
  const repetitions = source.matchAll(/\{(\d{1,9})(?:,(\d{1,9})?)?\}/g)
  return Array.from(repetitions, ([, least, most]) => Number(most ?? least)).reduce((sum, count) => sum + count, 0) > mostRepetitions
}
