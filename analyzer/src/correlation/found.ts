import { fields, type Scalar } from '@vonggac/contract'
import type { CorrelationHit } from '@vonggac/sigma'
import { maxEvents, type AlertHits } from '../alerts/index.ts'
import {
  alertIdOf,
  keptValue,
  maxEntities,
  readReference,
  type Entities,
  type LoadedCorrelation,
  type LoadedRule,
} from '../detection/index.ts'

/** A correlation that came true, as it is kept until it is in an alert. */
export interface Found {
  /** Counts from 1 over all correlations: an alert knows by it what it has. */
  readonly number: number
  readonly rule: string
  readonly agency: string
  /** Values of the fields that alerts of the rule are told apart by. */
  readonly group: Readonly<Record<string, Scalar>>
  /** Times of the first and the last event, ms. */
  readonly from: number
  readonly to: number
  /** Events that count. */
  readonly count: number
  /** The newest of them, oldest first. */
  readonly events: readonly string[]
  readonly sources: readonly string[]
  readonly entities: Entities
}

export function foundOf(
  number: number,
  { groupBy }: LoadedCorrelation,
  { rule, group, from, to, hits, references }: CorrelationHit,
): Found {
  const read = [...new Set(references)].map(readReference)
  const named = (kind: keyof Entities) => [...new Set(read.flatMap(({ entities }) => entities[kind]))].slice(0, maxEntities)
  return {
    number,
    rule: rule.id,
    agency: String(group[fields.agency]),
    group: Object.fromEntries(groupBy.map((field) => [field, keptValue(group[field] ?? null)])),
    from,
    to,
    count: Math.max(hits, read.length),
    events: read.slice(-maxEvents).map(({ event }) => event),
    sources: [...new Set(read.map(({ source }) => source))],
    entities: { source: named('source'), user: named('user'), host: named('host') },
  }
}

const hourMs = 3_600_000

/** Sorted into alerts, as contract/alert.ts defines them. A rule that is gone raises none: nobody could explain them. */
export function alertsOf(found: readonly Found[], ruleOf: (id: string) => LoadedRule | undefined): readonly AlertHits[] {
  const alerts = new Map<string, AlertHits>()
  for (const each of found) {
    const rule = ruleOf(each.rule)
    if (!rule) continue
    const { agency, group, from, to, count, events, number } = each
    const hour = Math.floor(to / hourMs) * hourMs
    const alert = alertIdOf(each.rule, agency, hour, group)
    const known = alerts.get(alert)
    const hit = { id: events.at(-1) ?? '', position: number, at: to, events: { count, ids: events, since: from } }
    alerts.set(alert, {
      alert,
      rule,
      agency,
      hour,
      group,
      hits: [...(known?.hits ?? []), hit],
      sources: union(known?.sources, each.sources),
      entities: {
        source: union(known?.entities.source, each.entities.source),
        user: union(known?.entities.user, each.entities.user),
        host: union(known?.entities.host, each.entities.host),
      },
    })
  }
  return [...alerts.values()]
}

function union(known: readonly string[] = [], more: readonly string[]): readonly string[] {
  return [...new Set([...known, ...more])]
}
