import type { Diagnostic } from '../rule.ts'
import { expandCollection } from './collection.ts'
import { parseCorrelation } from './correlation.ts'
import type { SigmaDocument } from './document.ts'
import { keysOf } from './fields.ts'
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
  for (const node of expandCollection(nodes, findings)) {
    const document = parseDocument(node, findings)
    if (document !== undefined) documents.push(document)
  }
  return { documents, diagnostics: findings.list }
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
