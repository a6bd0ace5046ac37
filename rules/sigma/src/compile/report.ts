import type { Diagnostic } from '../rule.ts'
import type { SigmaDocument } from '../syntax/document.ts'

/** Takes what was found about a document. */
export type Report = (document: SigmaDocument, found: readonly Diagnostic[]) => void
