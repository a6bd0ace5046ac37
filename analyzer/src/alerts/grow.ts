import type { Alert } from '@vonggac/contract'
import { maxEntities, type HitGroup, type LoadedRule } from '../detection/index.ts'
import { riskOf } from './risk.ts'

/** Hits of a rule that belong to one alert. */
export type AlertHits = Omit<HitGroup, 'rule'> & {
  readonly rule: LoadedRule
  /** Found in history, by a rule that was run over it. */
  readonly retrospective?: true
}

/** Events that an alert names; its count tells how many there are. */
export const maxEvents = 50

/**
 * The alert with these hits of one collector added, or undefined when it has them all: hits at or below the collector's highest counted
 * position were there before, so a repeated batch changes nothing.
 */
export function withHits(alert: Alert | undefined, collector: string, found: AlertHits, now: string): Alert | undefined {
  const counted = alert?.hits.upTo[collector] ?? -1
  const hits = found.hits.filter(({ position }) => position > counted)
  if (hits.length === 0) return undefined
  const times = hits.map(({ at }) => at)
  const starts = hits.map(({ at, events }) => events?.since ?? at)
  const firstAt = new Date(Math.min(...starts, alert ? Date.parse(alert.hits.firstAt) : Infinity)).toISOString()
  const lastAt = new Date(Math.max(...times, alert ? Date.parse(alert.hits.lastAt) : -Infinity)).toISOString()
  const count = hits.reduce((sum, { events }) => sum + (events?.count ?? 1), alert?.hits.count ?? 0)
  const known = alert ? reopened(alert) : newAlert(found, now)
  return {
    ...known,
    risk: riskOf(known.severity, count),
    sources: union(known.sources, found.sources, 100),
    hits: {
      count,
      firstAt,
      lastAt,
      events: union(
        known.hits.events,
        hits.flatMap(({ id, events }) => events?.ids ?? [id]),
        maxEvents,
      ),
      upTo: { ...known.hits.upTo, [collector]: hits.at(-1)!.position },
    },
    entities: {
      source: union(known.entities.source, found.entities.source, maxEntities),
      user: union(known.entities.user, found.entities.user, maxEntities),
      host: union(known.entities.host, found.entities.host, maxEntities),
    },
    updatedAt: now,
  }
}

/** As contract/alert.ts defines it: what was closed as a true positive goes on, so it is to be looked at again. */
function reopened(alert: Alert): Alert {
  if (alert.status !== 'closed' || alert.resolution !== 'true-positive') return alert
  const { resolution: _resolution, ...rest } = alert
  return { ...rest, status: alert.case === undefined ? 'new' : 'escalated' }
}

type Unhit = Omit<Alert, 'hits'> & { hits: { count: number; events: string[]; upTo: Record<string, number> } }

function newAlert({ alert, agency, rule, group, retrospective }: AlertHits, now: string): Unhit {
  const { id, title, level, tags } = rule.compiled
  return {
    id: alert,
    agency,
    tlp: 'TLP:AMBER',
    rule: { id, title, level, tags: [...tags], ...(rule.titles ? { titles: rule.titles } : {}) },
    severity: level,
    risk: 0,
    status: 'new',
    ...(retrospective ? { retrospective } : {}),
    group: { ...group },
    sources: [],
    hits: { count: 0, events: [], upTo: {} },
    entities: { source: [], user: [], host: [] },
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

function union(known: readonly string[], more: readonly string[], limit: number): string[] {
  return known.length >= limit ? [...known] : [...new Set([...known, ...more])].slice(0, limit)
}
