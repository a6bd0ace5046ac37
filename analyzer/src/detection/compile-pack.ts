import { loadRules, type CompiledRule, type Diagnostic, type LogSource, type Metadata, type Pipeline } from '@vonggac/sigma'
import { parseAllDocuments } from 'yaml'
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
  const entries = result.rules.map((rule) => entryOf(pack, rule, texts.get(rule.file) ?? '', result.diagnostics, missing))

  const told = new Set(result.rules.map(({ file }) => file))
  for (const correlation of result.correlations) {
    told.add(correlation.file)
    const { file, line } = correlation
    entries.push({ ...refusedEntry(pack, file, texts.get(file) ?? '', [notEvaluated(file, line)], correlation), metadata: correlation })
  }
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  for (const file of new Set(errors.map((error) => error.file))) {
    const ofFile = errors.filter((error) => error.file === file)
    entries.push(...refusedDocuments(pack, file, texts.get(file) ?? '', ofFile, told.has(file)))
  }
  return entries
}

function entryOf(pack: PackFiles, rule: CompiledRule, yaml: string, all: readonly Diagnostic[], missing: readonly string[]): RuleEntry {
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
  const { id, title, file, logSource } = rule
  const base = { id, title, pack: pack.id, file, yaml, logSource, metadata: rule, diagnostics: [...errors, ...diagnostics] }
  return own.rule && errors.length === 0 ? { ...base, loaded: own.rule } : base
}

function notEvaluated(file: string, line: number): Diagnostic {
  const message = 'Correlation rules are read and not evaluated: only single events are.'
  return { severity: 'error', code: 'correlation-not-evaluated', message, file, line, column: 1 }
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
