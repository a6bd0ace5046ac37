import type { CompiledRule, CorrelationRule, Diagnostic, Filter } from '../rule.ts'
import { feedersOf } from '../correlate/feeders.ts'
import type { DetectionDocument, FilterDocument, SigmaDocument } from '../syntax/document.ts'
import { parseSigma, type RefusedDocument } from '../syntax/parse.ts'
import { Findings } from '../syntax/source.ts'
import { compileRule, type CompileOptions } from './compile.ts'
import { compileCorrelations } from './correlation.ts'
import { applyFilters, refersTo } from './filter.ts'
import type { Report } from './report.ts'

export interface RuleFile {
  readonly file: string
  readonly text: string
}

/** Takes each document as it was parsed, before anything is done to it. */
export type OnDocument = (document: SigmaDocument) => void

export interface LoadedRules {
  readonly rules: readonly CompiledRule[]
  readonly correlations: readonly CorrelationRule[]
  readonly filters: readonly Filter[]
  readonly diagnostics: readonly Diagnostic[]
  /** Rules that the pipelines say cannot work here, with the fields that are missing; each has its diagnostics too. */
  readonly notApplicable: readonly NotApplicable[]
  /** Every document that does nothing, with the reasons: what could not be parsed, compiled or applied, and repeated ids. */
  readonly refused: readonly RefusedDocument[]
}

export interface NotApplicable {
  readonly id: string
  readonly title: string
  readonly file: string
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Loads rule files: parses all, applies the filters among them, runs the pipelines and compiles. A rule that is refused is told in
 * `diagnostics` and stops no other rule. `onDocument` is given each document that could be parsed, for `lint`.
 */
export function loadRules(files: Iterable<RuleFile>, options: CompileOptions = {}, onDocument?: OnDocument): LoadedRules {
  const diagnostics: Diagnostic[] = []
  const refused: RefusedDocument[] = []
  const documents: SigmaDocument[] = []
  const report: Report = ({ metadata: { file, line, id, title } }, found) => {
    diagnostics.push(...found)
    if (found.some(({ severity }) => severity === 'error')) refused.push({ file, line, id, title, diagnostics: found })
  }
  for (const { file, text } of files) {
    const parsed = parseSigma(text, { file, ...(options.edition && { edition: options.edition }) })
    documents.push(...parsed.documents)
    if (onDocument) for (const document of parsed.documents) onDocument(document)
    diagnostics.push(...parsed.diagnostics)
    refused.push(...parsed.refused)
  }
  const unique = withoutRepeatedIds(documents, report)
  const { filters, applicable } = compileFilters(unique, options, report)
  const rules: CompiledRule[] = []
  const compiled: DetectionDocument[] = []
  const notApplicable: NotApplicable[] = []
  for (const document of unique) {
    if (document.kind !== 'rule') continue
    const result = compileRule(applyFilters(document, applicable), options)
    report(document, result.diagnostics)
    if (result.rule === undefined) notApplicable.push(...missingFields(document, result.diagnostics))
    else {
      rules.push(result.rule)
      compiled.push(document)
    }
  }
  const correlationDocuments = unique.filter((document) => document.kind === 'correlation')
  const correlations = compileCorrelations(correlationDocuments, compiled, options.pipelines ?? [], report)
  const silent = feedersOf(correlations, rules)
  return {
    rules: rules.map((rule) => (silent.has(rule.id) ? { ...rule, silent: true } : rule)),
    correlations: correlations.map((rule) => (silent.has(rule.id) ? { ...rule, silent: true } : rule)),
    filters,
    diagnostics,
    notApplicable,
    refused,
  }
}

/** The first of several documents with one id stays: alerts and references could not tell them apart. */
function withoutRepeatedIds(documents: readonly SigmaDocument[], report: Report): SigmaDocument[] {
  const first = new Map<string, SigmaDocument>()
  return documents.filter((document) => {
    const { id } = document.metadata
    const earlier = first.get(id)
    if (earlier === undefined) {
      first.set(id, document)
      return true
    }
    const findings = new Findings(document.source)
    findings.error('id-repeated', document.yaml.at, `The id ${id} is already used by ${earlier.metadata.file}:${earlier.metadata.line}.`)
    report(document, findings.list)
    return false
  })
}

function missingFields({ metadata }: DetectionDocument, diagnostics: readonly Diagnostic[]): NotApplicable[] {
  const reasons = diagnostics.filter(({ code }) => code === 'not-applicable')
  if (reasons.length === 0) return []
  const fields = new Set(reasons.map(({ field }) => field).filter((field) => field !== undefined))
  const { id, title, file, line } = metadata
  return [{ id, title, file, line, fields: [...fields] }]
}

interface CompiledFilters {
  readonly filters: readonly Filter[]
  /** Those that compile: a filter that does not must not take the rules with it, which are better too loud than gone. */
  readonly applicable: readonly FilterDocument[]
}

function compileFilters(documents: readonly SigmaDocument[], options: CompileOptions, report: Report): CompiledFilters {
  const filters: Filter[] = []
  const applicable: FilterDocument[] = []
  for (const document of documents) {
    if (document.kind !== 'filter') continue
    const result = compileRule({ ...document, kind: 'rule' }, options)
    report(document, [...result.diagnostics, ...unknownReferences(document, documents)])
    if (result.rule === undefined) continue
    filters.push({ ...result.rule, rules: document.rules })
    applicable.push(document)
  }
  return { filters, applicable }
}

function unknownReferences(filter: FilterDocument, documents: readonly SigmaDocument[]): readonly Diagnostic[] {
  const findings = new Findings(filter.source)
  for (const reference of filter.rules === 'any' ? [] : filter.rules) {
    if (documents.some(({ kind, metadata }) => kind === 'rule' && refersTo(reference, metadata))) continue
    findings.warning('filter-unknown-rule', filter.yaml.at, `The filter names the rule "${reference}", which is not loaded.`)
  }
  return findings.list
}
