/** Making rules for tests out of the part that matters. */
import { compileRule, type CompileOptions } from '../../compile/compile.ts'
import type { Expression } from '../../ir/expression.ts'
import type { Diagnostic } from '../../rule.ts'
import type { DetectionDocument, SigmaDocument } from '../document.ts'
import { parseSigma, type ParseOptions } from '../parse.ts'

const head = `title: A rule
id: 11111111-2222-4333-8444-555555555555
level: low
status: test
logsource:
  category: test
`

/** A rule around a `detection`, given as the lines below that key. */
export function ruleText(detection: string): string {
  const indented = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
  return `${head}detection:\n${indented.join('\n')}\n`
}

/** A rule with one item `field|modifiers: value`, the value in YAML. */
export function itemRule(key: string, value: string): string {
  return ruleText(`selection:\n  ${JSON.stringify(key)}: ${value}\ncondition: selection`)
}

/** The only document of a text without errors. */
export function parseOne<K extends SigmaDocument['kind'] = 'rule'>(
  text: string,
  options?: ParseOptions,
): Extract<SigmaDocument, { kind: K }> {
  const { documents, diagnostics } = parseSigma(text, options)
  const [document] = documents
  if (documents.length !== 1 || document === undefined) throw new Error(`Not one document: ${JSON.stringify(diagnostics)}`)
  return document as Extract<SigmaDocument, { kind: K }>
}

/** The expression of a rule that compiles. */
export function expressionOf(text: string, options?: CompileOptions): Expression {
  const { rule, diagnostics } = compileRule(parseOne(text) satisfies DetectionDocument, options)
  if (rule === undefined) throw new Error(`Refused: ${JSON.stringify(diagnostics)}`)
  return rule.expression
}

/** Everything that is said about a text, by parsing and by compiling its rules. */
export function diagnosticsOf(text: string, options?: CompileOptions & ParseOptions): Diagnostic[] {
  const { documents, diagnostics } = parseSigma(text, options)
  const rules = documents.filter((document) => document.kind === 'rule')
  return [...diagnostics, ...rules.flatMap((rule) => compileRule(rule, options).diagnostics)]
}

/** `code line:column` of each diagnostic. */
export function placesOf(text: string, options?: ParseOptions): string[] {
  return diagnosticsOf(text, options).map(({ code, line, column }) => `${code} ${line}:${column}`)
}
