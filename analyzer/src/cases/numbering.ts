import { say, systemScope, VonggacError, type Case, type Scope } from '@vonggac/contract'
import type { AuditAction } from '../audit/recorder.ts'
import type { RecordDeps } from '../records/index.ts'
import { toWrite, type DocumentStore } from '../storage/document-store.ts'
import { caseKind } from './kind.ts'
import { formatNumber, parseNumber, yearOf } from './number.ts'

/** Each round somebody gets a number, so this many may ask at once. */
const maxRounds = 200

/**
 * Writes a new case under the next number of the year. The number is the document's id, so two cases cannot get the same, and one is used up only when its case is
 * durable: hence no gaps.
 */
export async function writeNumbered(
  { documents, audit }: RecordDeps,
  scope: Scope,
  now: Date,
  make: (number: string) => Case,
  action: (incident: Case) => AuditAction,
): Promise<Case> {
  const year = yearOf(now)
  for (let round = 0; round < maxRounds; round++) {
    const incident = make(formatNumber(year, (await lastSequence(documents, year)) + 1))
    const [result] = await audit.change(scope, [toWrite(caseKind, incident.id, incident, 'new')], action(incident))
    if (result && 'version' in result) return incident
  }
  throw new VonggacError('busy', say('cases-too-fast'))
}

async function lastSequence(documents: DocumentStore, year: number): Promise<number> {
  const page = await documents.find(
    systemScope('cases'),
    caseKind,
    { field: 'year', test: { kind: 'equals', value: year } },
    { orderBy: 'sequence', direction: 'descending', limit: 1 },
  )
  return parseNumber(page.items[0]?.value.number ?? '')?.sequence ?? 0
}
