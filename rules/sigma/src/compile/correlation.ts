/** Correlation rules as the state machine takes them: references checked, field names fitted by the pipelines. */
import { renameFields } from '../pipeline/apply.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CorrelationRule } from '../rule.ts'
import type { CorrelationDocument, DetectionDocument } from '../syntax/document.ts'
import { Findings } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf } from '../syntax/yaml.ts'
import type { Report } from './report.ts'

/**
 * Those whose every reference, through other correlations too, ends at a rule that loaded. Field names are renamed as in the first
 * detection rule that each correlation rests on; an alias names a field of one rule and is renamed as in that rule.
 */
export function compileCorrelations(
  documents: readonly CorrelationDocument[],
  rules: readonly DetectionDocument[],
  pipelines: readonly Pipeline[],
  report: Report,
): CorrelationRule[] {
  const references = new References(documents, rules)
  const compiled: CorrelationRule[] = []
  for (const document of documents) {
    const findings = new Findings(document.source)
    const at = entryOf(document.yaml, 'correlation')?.keyAt ?? document.yaml.at
    for (const reference of document.rules) references.check(reference, at, findings)
    for (const reference of Object.values(document.aliases).flatMap(Object.keys)) references.checkAlias(reference, document, at, findings)
    if (findings.errors === 0) compiled.push(fitted(document, references, pipelines))
    report(document, findings.list)
  }
  return compiled
}

class References {
  readonly #byReference = new Map<string, DetectionDocument | CorrelationDocument>()
  /** Correlations that rest on loaded rules; one that comes back to itself never gets in. */
  readonly #sound = new Set<CorrelationDocument>()

  constructor(correlations: readonly CorrelationDocument[], rules: readonly DetectionDocument[]) {
    for (const document of [...correlations, ...rules]) {
      const { id, name } = document.metadata
      if (name !== undefined) this.#byReference.set(name.toLowerCase(), document)
      this.#byReference.set(id, document)
    }
    let grown = true
    while (grown) {
      grown = false
      for (const correlation of correlations) {
        if (this.#sound.has(correlation) || !correlation.rules.every((reference) => this.#isSound(reference))) continue
        this.#sound.add(correlation)
        grown = true
      }
    }
  }

  #isSound(reference: string): boolean {
    const target = this.#resolve(reference)
    return target?.kind === 'rule' || (target !== undefined && this.#sound.has(target))
  }

  #resolve(reference: string): DetectionDocument | CorrelationDocument | undefined {
    return this.#byReference.get(reference.toLowerCase())
  }

  /** Reports a reference that does not end at loaded rules. */
  check(reference: string, at: number, findings: Findings): void {
    if (this.#resolve(reference) === undefined) {
      const suggestion = nearest(reference, this.#byReference.keys())
      findings.error('correlation-unknown-rule', at, `The rule "${reference}" is not loaded.`, { suggestion })
    } else if (!this.#isSound(reference)) {
      findings.error(
        'correlation-chain',
        at,
        `The correlation "${reference}" comes back to itself, or refers to a rule that is not loaded.`,
      )
    }
  }

  /** Reports an alias for a rule that the correlation does not list. */
  checkAlias(reference: string, { rules }: CorrelationDocument, at: number, findings: Findings): void {
    if (this.asListed(reference, rules) !== undefined) return
    const message = `An alias names "${reference}", which is not among the rules of the correlation.`
    findings.error('correlation-alias-rule', at, message, { suggestion: nearest(reference, rules) })
  }

  /** A reference as `rules` writes it, where one may say the id and the other the name. */
  asListed(reference: string, rules: readonly string[]): string | undefined {
    const target = this.#resolve(reference)
    return rules.find((rule) => rule === reference || (target !== undefined && this.#resolve(rule) === target))
  }

  /** The detection rule whose names the fields of a checked reference have: through correlations the first of each. */
  leaf(reference: string): DetectionDocument {
    const target = this.#resolve(reference) as DetectionDocument | CorrelationDocument
    return target.kind === 'rule' ? target : this.leaf(target.rules[0] as string)
  }
}

/**
 * Where the pipelines call a field differently in the events of the referenced rules, the name as written becomes an alias for what it is in each.
 */
function fitted(document: CorrelationDocument, references: References, pipelines: readonly Pipeline[]): CorrelationRule {
  const { metadata, type, rules, groupBy, timespanMs, generate, condition } = document
  const rename = (field: string, reference: string): string => renameFields([field], references.leaf(reference), pipelines)[0] ?? field
  const aliases: Record<string, Record<string, string>> = Object.create(null) as Record<string, never>
  for (const [alias, fields] of Object.entries(document.aliases)) {
    const named = Object.entries(fields).map(([reference, field]) => [
      references.asListed(reference, rules) ?? reference,
      rename(field, reference),
    ])
    aliases[alias] = Object.fromEntries(named) as Record<string, string>
  }
  const renameEverywhere = (field: string): string => {
    if (field in aliases) return field
    const names = rules.map((reference): [string, string] => [reference, rename(field, reference)])
    const [[, first] = ['', field]] = names
    if (names.every(([, name]) => name === first)) return first
    aliases[field] = Object.fromEntries(names)
    return field
  }
  return {
    ...metadata,
    type,
    rules,
    groupBy: groupBy.map(renameEverywhere),
    timespanMs,
    generate,
    condition: { ...condition, fields: condition.fields.map(renameEverywhere) },
    aliases: { ...aliases },
  }
}
