import { isVonggacError, systemScope, VonggacError, type Case, type Scope } from '@vonggac/contract'
import type { DocumentStore } from '../storage/document-store.ts'
import { caseKind } from './kind.ts'

import { formatNumber, parseNumber, yearOf } from './number.ts'

/** Each round somebody gets a number, so this many may ask at once. */
const maxRounds = 200

/**
 * Writes a new case under the next number of the year. The number is the document's id, so two cases cannot get the same, and one is used up only when its case is
 * durable: hence no gaps.
 */
export async function writeNumbered(documents: DocumentStore, scope: Scope, now: Date, make: (number: string) => Case): Promise<Case> {
  const year = yearOf(now)
  for (let round = 0; round < maxRounds; round++) {
    const incident = make(formatNumber(year, (await lastSequence(documents, year)) + 1))
    try {
      await documents.write(scope, caseKind, incident.id, incident, 'new')
      return incident
    } catch (error) {
      if (!isVonggacError(error, 'already-exists')) throw error
    }
  }
  throw new VonggacError('busy', 'Too many cases are being opened at once; try again.')
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
