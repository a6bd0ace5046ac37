import { ledgerGaps, rejectedTotal, type LedgerCounts, type LedgerGaps } from '@vonggac/contract'

export interface Balance {
  readonly gaps: LedgerGaps
  /** All that is missing between any two stages; a surplus (counted later, not yet received) is missing too. */
  readonly off: number
  readonly rejected: number
}

export function balanceOf(counts: LedgerCounts): Balance {
  const gaps = ledgerGaps(counts)
  return { gaps, off: Object.values(gaps).reduce((sum: number, gap: number) => sum + Math.abs(gap), 0), rejected: rejectedTotal(counts) }
}
