import type { Severity } from '@vonggac/contract'

const base: Readonly<Record<Severity, number>> = { informational: 5, low: 25, medium: 50, high: 75, critical: 90 }

/** 0-100: the severity's base, and 4 more for each doubling of the hits, 10 at most: repetition raises an alert, it does not outrank the next severity. */
export function riskOf(severity: Severity, hits: number): number {
  return Math.min(100, Math.round(base[severity] + Math.min(10, 4 * Math.log2(Math.max(1, hits)))))
}
