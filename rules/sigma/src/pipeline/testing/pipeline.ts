/** Running a rule through pipelines in tests. */
import { compileRule } from '../../compile/compile.ts'
import type { Expression } from '../../ir/expression.ts'
import type { CompiledRule, Diagnostic } from '../../rule.ts'
import { parseOne } from '../../syntax/testing/rule.ts'
import { parsePipeline } from '../parse.ts'
import type { Pipeline } from '../pipeline.ts'

/** A pipeline of the given transformations, each written in YAML's flow style. */
export function pipelineOf(...transformations: string[]): Pipeline {
  return parsed(`transformations:\n${transformations.map((transformation) => `  - ${transformation}`).join('\n')}\n`)
}

export function parsed(text: string): Pipeline {
  const { pipeline, diagnostics } = parsePipeline(text)
  if (pipeline === undefined) throw new Error(JSON.stringify(diagnostics))
  return pipeline
}

export function compiled(text: string, ...pipelines: Pipeline[]): CompiledRule {
  const { rule, diagnostics } = compileRule(parseOne(text), { pipelines })
  if (rule === undefined) throw new Error(JSON.stringify(diagnostics))
  return rule
}

export function expressionAfter(text: string, ...transformations: string[]): Expression {
  return compiled(text, pipelineOf(...transformations)).expression
}

/** What is said of a rule that a transformation refuses. */
export function refusal(text: string, ...transformations: string[]): Diagnostic[] {
  const { rule, diagnostics } = compileRule(parseOne(text), { pipelines: [pipelineOf(...transformations)] })
  if (rule !== undefined) throw new Error('The rule is not refused.')
  return [...diagnostics]
}
