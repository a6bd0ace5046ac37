import {
  loadRules,
  type CompiledRule,
  type CorrelationRule,
  type Diagnostic,
  type LogSource,
  type Metadata,
  type Pipeline,
} from '@vonggac/sigma'
import { parseAllDocuments } from 'yaml'
import { withIds } from './correlation-rules.ts'
import type { PackFiles } from './packs.ts'
import { withOwnKeys, type LoadedRule } from './rule-set.ts'

/** A rule as people see it, whether or not it could be loaded. */
export interface RuleEntry {
  readonly id: string
  readonly title: string
  readonly pack: string
  readonly file: string
  /** The file's text. */
  readonly yaml: string
  readonly logSource: LogSource
  /** What the rule says about itself; absent where the file cannot be read as far as that. */
  readonly metadata?: Metadata
  /** Absent for a refused rule. */
  readonly loaded?: LoadedRule
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles the rules of a pack. None is left out: what cannot be loaded is an entry that says why. */
export function compilePack(pack: PackFiles, pipelines: ReadonlyMap<string, Pipeline>): readonly RuleEntry[] {
  const texts = new Map(pack.rules.map(({ file, text }) => [file, text]))
  const missing = pack.pipelines.filter((name) => !pipelines.has(name))
  const result = loadRules(pack.rules, { pipelines: pack.pipelines.flatMap((name) => pipelines.get(name) ?? []) })
  const entry = (rule: CompiledRule | CorrelationRule) => entryOf(pack, rule, texts.get(rule.file) ?? '', result.diagnostics, missing)
  const detections = result.rules.map(entry)
  const entries = [...detections, ...withBases(withIds(result.correlations, result.rules).map(entry), detections)]

  const told = new Set([...result.rules, ...result.correlations].map(({ file }) => file))
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  for (const file of new Set(errors.map((error) => error.file))) {
    const ofFile = errors.filter((error) => error.file === file)
    entries.push(...refusedDocuments(pack, file, texts.get(file) ?? '', ofFile, told.has(file)))
  }
  return entries
}

function entryOf(
  pack: PackFiles,
  rule: CompiledRule | CorrelationRule,
  yaml: string,
  all: readonly Diagnostic[],
  missing: readonly string[],
): RuleEntry {
  const own = withOwnKeys(rule, pack.id)
  const place = { file: rule.file, line: rule.line, column: 1 }
  const diagnostics = all.filter(({ file, severity }) => file === rule.file && severity === 'warning')
  const errors: Diagnostic[] = [
    ...(own.problem ? [{ severity: 'error', code: 'vonggac-key', message: own.problem, ...place } as const] : []),
    ...missing.map(
      (name) =>
        ({
          severity: 'error',
          code: 'pipeline-unknown',
          message: `pack.yml names the pipeline "${name}", which is not there.`,
          ...place,
        }) as const,
    ),
  ]
  const { id, title, file } = rule
  const logSource = 'logSource' in rule ? rule.logSource : {}
  const base = { id, title, pack: pack.id, file, yaml, logSource, metadata: rule, diagnostics: [...errors, ...diagnostics] }
  return own.rule && errors.length === 0 ? { ...base, loaded: own.rule } : base
}

/** Refuses correlations that refer to rules which were refused, and those that refer to such correlations. */
function withBases(correlations: readonly RuleEntry[], detections: readonly RuleEntry[]): readonly RuleEntry[] {
  const loaded = new Set([...detections, ...correlations].flatMap((entry) => (entry.loaded ? [entry.id] : [])))
  const checked = correlations.map((entry) => {
    const { loaded: rule, ...refused } = entry
    const base = rule && 'rules' in rule.compiled ? rule.compiled.rules.find((id) => !loaded.has(id)) : undefined
    return base === undefined ? entry : { ...refused, diagnostics: [baseRefused(entry, base), ...entry.diagnostics] }
  })
  return checked.every((entry, index) => entry === correlations[index]) ? checked : withBases(checked, detections)
}

function baseRefused({ file, metadata }: RuleEntry, base: string): Diagnostic {
  const message = `The correlation refers to the rule ${base}, which is refused; correct that first.`
  return { severity: 'error', code: 'correlation-base-refused', message, file, line: metadata?.line ?? 1, column: 1 }
}

/**
 * The documents of a file that were refused. Of a file with one document its own id and title are told, as far as they can be read; of several, which were
 * refused is known by line alone, so they are one entry.
 */
function refusedDocuments(pack: PackFiles, file: string, yaml: string, errors: readonly Diagnostic[], othersLoaded: boolean): RuleEntry[] {
  const documents = parseAllDocuments(yaml, { logLevel: 'silent' })
  const only = Array.isArray(documents) && documents.length === 1 && !othersLoaded ? documents[0] : undefined
  const text = (key: string) => {
    const value: unknown = only?.get(key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return [refusedEntry(pack, file, yaml, errors, { id: text('id'), title: text('title') })]
}

function refusedEntry(
  pack: PackFiles,
  file: string,
  yaml: string,
  diagnostics: readonly Diagnostic[],
  { id, title }: { readonly id: string | undefined; readonly title: string | undefined },
): RuleEntry {
  return { id: id ?? `${pack.id}:${file}`, title: title ?? file, pack: pack.id, file, yaml, logSource: {}, diagnostics }
}
