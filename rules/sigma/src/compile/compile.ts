import { applyPipelines } from '../pipeline/apply.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CompiledRule, Diagnostic } from '../rule.ts'
import type { Detection, DetectionDocument, DetectionItem } from '../syntax/document.ts'
import { spendExpansions } from '../syntax/detection.ts'
import { ValueProblem } from '../syntax/problem.ts'
import { type Edition, Findings } from '../syntax/source.ts'
import { judgeAbsentFields } from './absent.ts'
import { lowerCondition } from './lower.ts'
import { replacePlaceholders, resolveFrom, type Placeholders, type Resolve } from './placeholders.ts'

export interface CompileOptions {
  /** Of the specification, when files are parsed. */
  readonly edition?: Edition
  /** In any order: they run by priority. */
  readonly pipelines?: readonly Pipeline[]
  /** Values for what `expand` finds and no pipeline has replaced. */
  readonly placeholders?: Placeholders
}

export type CompileResult =
  | { readonly rule: CompiledRule; readonly diagnostics: readonly Diagnostic[] }
  | { readonly rule?: undefined; readonly diagnostics: readonly Diagnostic[] }

/**
 * A parsed rule, fitted by pipelines, as an expression. Refused with diagnostics when a placeholder has no value, a regex does not run in
 * linear time, or a pipeline says that the rule does not apply.
 */
export function compileRule(rule: DetectionDocument, { pipelines = [], placeholders = {} }: CompileOptions = {}): CompileResult {
  const findings = new Findings(rule.source)
  const fitted = applyPipelines(rule, pipelines, findings)
  const selections = new Map<string, Detection>()
  const resolve = resolveFrom(placeholders)
  for (const [name, detection] of fitted.selections) selections.set(name, resolveDetection(detection, resolve, findings))
  const expression = lowerCondition(fitted.condition, selections, findings)
  judgeAbsentFields(fitted.condition, selections, expression, findings)
  if (findings.errors > 0) return { diagnostics: findings.list }
  return { rule: { ...fitted.metadata, logSource: fitted.logSource, expression }, diagnostics: findings.list }
}

function resolveDetection(detection: Detection, resolve: Resolve, findings: Findings): Detection {
  if (detection.kind !== 'item') return { ...detection, of: detection.of.map((member) => resolveDetection(member, resolve, findings)) }
  return detection.modifiers.includes('expand') ? resolveItem(detection, resolve, findings) : detection
}

function resolveItem(item: DetectionItem, resolve: Resolve, findings: Findings): DetectionItem {
  try {
    const values = item.values.map((value) => {
      const replaced = replacePlaceholders(value, resolve)
      if (replaced !== value) spendExpansions(replaced, findings)
      return replaced
    })
    return { ...item, values }
  } catch (error) {
    if (!(error instanceof ValueProblem)) throw error
    findings.error(error.code, item.at, error.message, { field: item.field })
    return item
  }
}
