import type { ParserDefinition } from './definition.ts'
import type { Parser } from './load.ts'

export type FileRules = ParserDefinition['file']

/** How lines stand in the files that the parsers read: of several parsers, the first that says so has it. */
export function fileRulesOf(parsers: readonly Pick<Parser, 'definition'>[]): FileRules {
  const files = parsers.map(({ definition }) => definition.file)
  return {
    multiline: files.find(({ multiline }) => multiline)?.multiline,
    heading: files.find(({ heading }) => heading)?.heading,
  }
}
