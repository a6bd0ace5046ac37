import type { MonitoredSystem } from '@vonggac/contract'

/** Of what the law says in these forms: read in its public text, and in force. */
export const legalState = { confidence: 'confirmed', status: 'in_force' } as const

/** Months that logs of a system of each level are kept at least; TCVN 14423:2026, which states none for level 1. */
const leastMonths: Readonly<Record<number, number>> = { 2: 1, 3: 3, 4: 6, 5: 12 }

export function leastRetention({ level }: Pick<MonitoredSystem, 'level'>): { months: number; days: number } | undefined {
  const months = leastMonths[level]
  // A month has 31 days at most: whoever keeps so many is on the safe side; twelve are a year.
  return months === undefined ? undefined : { months, days: months === 12 ? 365 : months * 31 }
}
