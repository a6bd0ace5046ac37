import { compileRegex, countsTooFar, mostRepetitions } from '../ir/regex.ts'
import { ValueProblem } from './problem.ts'

/** What no linear-time engine has: look-around, atomic groups, back-references, possessive quantifiers. */
const notLinear = /\(\?<?[=!]|\(\?>|\\[1-9]|[*+?}]\+/

/** Throws a `ValueProblem` unless the matcher can run the regex in linear time. */
export function checkRegex(source: string, flags: string): void {
  if (countsTooFar(source))
    throw new ValueProblem(
      'regex-too-large',
      `The regular expression counts further than ${mostRepetitions} in all.`,
      'Use * or + instead of large counts.',
    )
  try {
    compileRegex(source, flags)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const code = notLinear.test(source) ? 'regex-not-linear' : 'regex-invalid'
    const suggestion = code === 'regex-not-linear' ? 'Express it by several items and "not" in the condition.' : undefined
    throw new ValueProblem(code, `The regular expression is refused: ${error.message}.`, suggestion)
  }
}
