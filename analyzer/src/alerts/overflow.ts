import { systemScope } from '@vonggac/contract'
import { alertIdOf } from '../detection/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { AlertHits } from './grow.ts'
import { alertKind, bucketOf } from './kind.ts'

/** Alerts of one rule in one agency and hour. A flood from forged addresses would otherwise make one for each of them, and bury all others. */
export const maxAlertsAnHour = 5_000

const scope = systemScope('detection')

/**
 * Puts groups that have no alert yet, beyond the bound, together into one alert whose group values are all `*`.
 * Alerts are never deleted within their hour, so a repeated batch is sorted the same way: what went into the overflow goes there again, and is known there.
 */
export async function withinBounds(
  documents: DocumentStore,
  groups: readonly AlertHits[],
  isKnown: (group: AlertHits) => boolean,
  bound: number,
): Promise<readonly AlertHits[]> {
  const fresh = new Map<string, AlertHits[]>()
  for (const group of groups.filter((candidate) => !isKnown(candidate))) {
    const bucket = bucketOf(group.rule.compiled.id, group.agency, group.hour)
    fresh.set(bucket, [...(fresh.get(bucket) ?? []), group])
  }
  const kept = groups.filter(isKnown)
  for (const [bucket, members] of fresh) {
    const present = await documents.count(scope, alertKind, { field: 'bucket', test: { kind: 'equals', value: bucket, cased: true } })
    const room = Math.max(0, bound - present)
    kept.push(...members.slice(0, room))
    if (members.length > room) kept.push(overflowOf(members.slice(room)))
  }
  return kept
}

function overflowOf(groups: readonly AlertHits[]): AlertHits {
  const { rule, agency, hour, retrospective } = groups[0]!
  const group = Object.fromEntries(rule.groupBy.map((field) => [field, '*']))
  const all = <Value>(pick: (member: AlertHits) => readonly Value[]) => [...new Set(groups.flatMap(pick))]
  return {
    alert: alertIdOf(rule.compiled.id, agency, hour, group),
    rule,
    ...(retrospective ? { retrospective } : {}),
    agency,
    hour,
    group,
    hits: groups.flatMap(({ hits }) => hits).toSorted((a, b) => a.position - b.position),
    sources: all(({ sources }) => sources),
    entities: {
      source: all(({ entities }) => entities.source),
      user: all(({ entities }) => entities.user),
      host: all(({ entities }) => entities.host),
    },
  }
}
