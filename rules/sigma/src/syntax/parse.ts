import type { Diagnostic } from '../rule.ts'
import { expandCollection } from './collection.ts'
import { parseCorrelation } from './correlation.ts'
import type { SigmaDocument } from './document.ts'
import { keysOf, readText } from './fields.ts'
import { parseDetectionRule, parseFilter } from './rule.ts'
import { type Edition, Findings, Source } from './source.ts'
import { nearest } from './suggest.ts'
import { entryOf, readYaml, type YamlMap } from './yaml.ts'

export interface ParseOptions {
  /** How diagnostics call the text. */
  readonly file?: string
  readonly edition?: Edition
}

export interface ParseResult {
  /** Those without errors, in the order of the file. */
  readonly documents: readonly SigmaDocument[]
  readonly diagnostics: readonly Diagnostic[]
  /** What was left out, for people to see; everything that cannot be read as YAML is one of them. */
  readonly refused: readonly RefusedDocument[]
}

/** A document that does nothing, with as much of its name as can be read. */
export interface RefusedDocument {
  readonly file: string
  readonly line: number
  readonly id?: string
  readonly title?: string
  /** Why; the errors among them are also in the list of all. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Parses a Sigma file: one or several YAML documents, each a detection rule, a correlation rule or a filter. A document with an
 * error is left out and does not stop the others. Never throws on what the file holds.
 */
export function parseSigma(text: string, { file = 'rule.yml', edition = '2.1' }: ParseOptions = {}): ParseResult {
  const findings = new Findings(new Source(file, text), edition)
  const documents: SigmaDocument[] = []
  const nodes = readYaml(text, findings)
  if (nodes.length === 0 && findings.errors === 0) findings.error('file-empty', 0, 'The file holds no rule.')
  const rules = expandCollection(nodes, findings)
  const refused: RefusedDocument[] = findings.errors > 0 ? [unreadable(file, findings.list)] : []
  for (const node of rules) {
    const before = findings.list.length
    const document = parseDocument(node, findings)
    if (document === undefined) refused.push(refusedDocument(node, findings, before))
    else documents.push(document)
  }
  return { documents, diagnostics: findings.list, refused }
}

function unreadable(file: string, diagnostics: readonly Diagnostic[]): RefusedDocument {
  return { file, line: diagnostics[0]?.line ?? 1, diagnostics: [...diagnostics] }
}

function refusedDocument(node: YamlMap, { source, list }: Findings, from: number): RefusedDocument {
  const quiet = new Findings(source)
  const [id, title] = [readText(node, 'id', quiet), readText(node, 'title', quiet)]
  const { line } = source.position(node.at)
  return { file: source.file, line, ...(id && { id: id.toLowerCase() }), ...(title && { title }), diagnostics: list.slice(from) }
}

function parseDocument(node: YamlMap, findings: Findings): SigmaDocument | undefined {
  if (entryOf(node, 'correlation') !== undefined) return parseCorrelation(node, findings)
  if (entryOf(node, 'filter') !== undefined) return parseFilter(node, findings)
  if (entryOf(node, 'detection') !== undefined) return parseDetectionRule(node, findings)
  const kinds = ['detection', 'correlation', 'filter']
  const near = kinds.map((kind) => nearest(kind, keysOf(node))).find((key) => key !== undefined)
  findings.error('document-kind', node.at, 'This is no rule: there is neither "detection" nor "correlation" nor "filter".', {
    suggestion: near && `Is "${near}" meant as one of them?`,
  })
  return undefined
}
