import type { Diagnostic } from '../rule.ts'
import type { SigmaDocument } from '../syntax/document.ts'
import { Findings } from '../syntax/source.ts'
import { checkDetection } from './detection.ts'
import { checkLogSource } from './log-source.ts'
import { checkMetadata } from './metadata.ts'
import { checkTags } from './tags.ts'

/**
 * Advice about a document that parses: what SigmaHQ checks on its own rules, conditions that always or never hold, selections that nothing uses,
 * fields that the log source does not have. All are warnings, in the order of the file.
 */
export function lint(document: SigmaDocument): readonly Diagnostic[] {
  const findings = new Findings(document.source)
  checkMetadata(document, findings)
  checkTags(document, findings)
  if (document.kind !== 'correlation') checkLogSource(document, findings)
  if (document.kind !== 'correlation') checkDetection(document, findings)
  return findings.list.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
