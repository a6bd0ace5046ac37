import type { Expression } from '../ir/expression.ts'
import { Lowering, type LowerOptions } from './lower.ts'
import { parseTokens } from './parser.ts'
import type { KqlNode, KqlProblem } from './syntax.ts'
import { tokenize } from './tokens.ts'

export type KqlOptions = LowerOptions

/** Longer queries are refused. In UTF-16 units. */
export const longestQuery = 10_000

/** `*.ip`, and the fields of those that were given which are named so. */
export interface KqlFieldPattern {
  readonly pattern: string
  readonly fields: readonly string[]
}

export type KqlResult =
  | {
      readonly expression: Expression
      readonly syntax: KqlNode
      /** What may not be meant: fields that nobody knows, values that lost their field. */
      readonly warnings: readonly KqlProblem[]
      /** The patterns of fields, each with the names that it stands for. */
      readonly patterns: readonly KqlFieldPattern[]
      readonly problems?: undefined
    }
  | {
      readonly problems: readonly [KqlProblem, ...KqlProblem[]]
      readonly expression?: undefined
      readonly syntax?: undefined
      readonly warnings?: undefined
      readonly patterns?: undefined
    }

/** A query in KQL as an expression, or why it is none. Never throws; takes time linear in the text. docs/kql.md tells what it means. */
export function parseKql(text: string, options: KqlOptions = {}): KqlResult {
  if (text.length > longestQuery) {
    const message = `The query is longer than ${longestQuery} characters.`
    return { problems: [{ code: 'too-long', message, start: longestQuery, end: text.length }] }
  }
  const tokens = tokenize(text)
  const [broken, ...others] = tokens.problems
  if (broken !== undefined) return { problems: [broken, ...others] }
  const syntax = parseTokens(text, tokens.list)
  if ('code' in syntax) return { problems: [syntax] }
  const lowering = new Lowering(options)
  const expression = lowering.lower(syntax)
  const [problem, ...more] = lowering.problems
  if (problem !== undefined) return { problems: [problem, ...more] }
  const patterns = Array.from(lowering.patterns, ([pattern, fields]) => ({ pattern, fields }))
  return { expression, syntax, warnings: lowering.warnings, patterns }
}
