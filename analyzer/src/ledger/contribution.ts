import { addCounts, emptyCounts, type BatchHeader, type LedgerCounts } from '@vonggac/contract'
import type { LineCounts } from '../detection/index.ts'

/** What a batch adds to one source, by minute. */
export interface Contribution {
  readonly source: string
  readonly agency: string
  /** By the minute's start, ISO. */
  readonly minutes: ReadonlyMap<string, LedgerCounts>
}

/**
 * The early stages come from the collector's tallies, the late ones from the lines that really arrived: were they made from each other, the ledger would prove nothing.
 */
export function contributionsOf(header: BatchHeader, lines: readonly LineCounts[]): readonly Contribution[] {
  const sources = new Map<string, { agency: string; minutes: Map<string, LedgerCounts> }>()
  const add = (source: string, agency: string, minute: string, counts: Partial<LedgerCounts>) => {
    const known = sources.get(source) ?? { agency, minutes: new Map<string, LedgerCounts>() }
    sources.set(source, known)
    const start = new Date(Math.floor(Date.parse(minute) / 60_000) * 60_000).toISOString()
    known.minutes.set(start, addCounts(known.minutes.get(start) ?? emptyCounts(), { ...emptyCounts(), ...counts }))
  }
  for (const { source, agency, minute, journaled } of header.tallies) {
    add(source, agency, minute, { received: journaled, journaled, forwarded: journaled })
  }
  for (const { source, agency, minute, stored, evaluated, rejected } of lines) {
    add(source, agency, minute, { stored, evaluated, rejected: { ...rejected } })
  }
  return [...sources].map(([source, { agency, minutes }]) => ({ source, agency, minutes }))
}
