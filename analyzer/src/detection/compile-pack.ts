import {
  loadRules,
  type CompiledRule,
  type CorrelationRule,
  type Diagnostic,
  type LogSource,
  type Metadata,
  type Pipeline,
  type RefusedDocument,
} from '@vonggac/sigma'
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

  return [...entries, ...refusedEntries(pack, result.refused, texts, new Set(entries.map(({ id }) => id)))]
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

/** Each document that was refused, by its own id and title as far as they can be read; where there is no id, or another has it, by its place. */
function refusedEntries(
  pack: PackFiles,
  refused: readonly RefusedDocument[],
  texts: ReadonlyMap<string, string>,
  taken: Set<string>,
): readonly RuleEntry[] {
  return refused.map(({ file, line, id: own, title = file, diagnostics }) => {
    const id = own === undefined || taken.has(own) ? `${pack.id}:${file}:${line}` : own
    taken.add(id)
    return { id, title, pack: pack.id, file, yaml: texts.get(file) ?? '', logSource: {}, diagnostics }
  })
}
