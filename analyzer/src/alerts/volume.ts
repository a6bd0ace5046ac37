import { severities, type Scope, type Severity } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { DocumentStore } from '../storage/document-store.ts'
import { alertKind } from './kind.ts'

export interface AlertsAt {
  /** Start of a minute, ms. */
  readonly at: number
  readonly severity: Severity
  readonly count: number
}

/** Alerts raised in each minute of a range, by severity; `source`: only those with a hit of it. */
export type AlertVolume = (scope: Scope, range: { readonly from: Date; readonly to: Date }, source?: string) => Promise<readonly AlertsAt[]>

export function createAlertVolume(documents: DocumentStore): AlertVolume {
  return async (scope, { from, to }, source) => {
    const within: Expression[] = [
      { field: 'createdMinute', test: { kind: 'compare', operator: 'gte', value: Math.floor(from.getTime() / 60_000) * 60_000 } },
      { field: 'createdMinute', test: { kind: 'compare', operator: 'lt', value: to.getTime() } },
    ]
    if (source !== undefined) within.push({ field: 'source', test: { kind: 'equals', value: source, cased: true } })
    const tallies = await Promise.all(
      severities.map(async (severity) => {
        const where: Expression = { all: [...within, { field: 'severity', test: { kind: 'equals', value: severity, cased: true } }] }
        return { severity, minutes: await documents.tally(scope, alertKind, where, 'createdMinute') }
      }),
    )
    return tallies.flatMap(({ severity, minutes }) => [...minutes].map(([at, count]) => ({ at: Number(at), severity, count })))
  }
}

export interface RuleAlerts {
  readonly count: number
  readonly lastAt: string
}

/** How many alerts each rule has raised within the scope, and when it last had a hit. */
export async function alertsByRule(documents: DocumentStore, scope: Scope): Promise<ReadonlyMap<string, RuleAlerts>> {
  const counts = await documents.tally(scope, alertKind, { all: [] }, 'rule')
  const entries = await Promise.all(
    [...counts].map(async ([rule, count]) => {
      const where: Expression = { field: 'rule', test: { kind: 'equals', value: String(rule), cased: true } }
      const { items } = await documents.find(scope, alertKind, where, { orderBy: 'lastAt', direction: 'descending', limit: 1 })
      // None where the only one was marked beyond the reader's clearance in between.
      return items.map(({ value }) => [String(rule), { count, lastAt: value.hits.lastAt }] as const)
    }),
  )
  return new Map(entries.flat())
}
