import { fields, type RouteRequest, type Routes, type Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { AlertVolume } from '../../alerts/index.ts'
import type { Handlers } from '../../platform/index.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { checkedRange } from './asked.ts'
import { bucketLength, bucketStarts } from './buckets.ts'

export interface VolumeDeps {
  readonly events: EventStore
  readonly alertVolume: AlertVolume
}

/** Events and alerts over time, in the same buckets. */
export function volumeHandler({ events, alertVolume }: VolumeDeps): Handlers['volume'] {
  return async ({ query }: RouteRequest<Routes['volume']>, scope: Scope) => {
    const range = checkedRange(query)
    const bucketSeconds = bucketLength(range.to.getTime() - range.from.getTime(), query.buckets)
    const where = ofSource(query.source)
    const [buckets, alerts] = await Promise.all([
      events.aggregate(scope, { where, range }, { by: 'time', bucketSeconds, split: fields.source }),
      alertVolume(scope, range, query.source),
    ])
    const eventsAt = new Map(buckets.map(({ key, count }) => [Date.parse(String(key)), count]))
    const sources: Record<string, number> = {}
    for (const { parts = {} } of buckets) {
      for (const [source, count] of Object.entries(parts)) sources[source] = (sources[source] ?? 0) + count
    }
    const alertsAt = countsByBucket(alerts, bucketSeconds * 1_000)
    const items = bucketStarts(range.from.getTime(), range.to.getTime(), bucketSeconds).map((start) => ({
      at: new Date(start).toISOString(),
      events: eventsAt.get(start) ?? 0,
      alerts: alertsAt.get(start) ?? {},
    }))
    return { bucketSeconds, items, sources }
  }
}

/** Alerts by severity, by the start of their bucket. */
function countsByBucket(alerts: Awaited<ReturnType<AlertVolume>>, lengthMs: number): ReadonlyMap<number, Record<string, number>> {
  const buckets = new Map<number, Record<string, number>>()
  for (const { at, severity, count } of alerts) {
    const start = Math.floor(at / lengthMs) * lengthMs
    const bucket = buckets.get(start) ?? {}
    buckets.set(start, bucket)
    bucket[severity] = (bucket[severity] ?? 0) + count
  }
  return buckets
}

function ofSource(source: string | undefined): Expression {
  return source === undefined ? { all: [] } : { field: fields.source, test: { kind: 'equals', value: source, cased: true } }
}
