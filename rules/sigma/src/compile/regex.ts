import { RE2JS } from 're2js'
import { ValueProblem } from '../syntax/problem.ts'

/** Throws a `ValueProblem` unless the regex runs in linear time: no look-around, no back-reference, no vast repetition. */
export function checkRegex(source: string, flags: string): void {
  try {
    RE2JS.compile(source, regexFlags(flags))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (/\(\?<?[=!]|\(\?>|\\[1-9]|[*+?}]\+/.test(source)) {
      const suggestion = 'Express it by several items and "not" in the condition.'
      throw new ValueProblem(
        'regex-not-linear',
        `Look-around, back-references and possessive quantifiers cannot be matched in linear time (${reason}).`,
        suggestion,
      )
    }
    throw new ValueProblem('regex-invalid', `The regular expression cannot be read: ${reason}.`)
  }
}

function regexFlags(flags: string): number {
  let bits = 0
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE
  if (flags.includes('m')) bits |= RE2JS.MULTILINE
  if (flags.includes('s')) bits |= RE2JS.DOTALL
  return bits
}
