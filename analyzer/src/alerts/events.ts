import { parseEventId, type FlatEvent, type Scope } from '@vonggac/contract'
import type { EventStore } from '../storage/event-store.ts'

/** Events that an alert's page shows; more are a hunt. */
const shown = 20

/** How it began and how it ended: what a correlation waits for often comes last. */
function firstAndLast(ids: readonly string[]): readonly string[] {
  return ids.length <= shown ? ids : [...ids.slice(0, shown / 2), ...ids.slice(-shown / 2)]
}

/** The first and the last of these events that are still kept, in the order of arrival: one search over the span of their ids, not one read each. */
export async function readEvents(events: EventStore, scope: Scope, ids: readonly string[]): Promise<readonly FlatEvent[]> {
  const wanted = firstAndLast(ids)
  const times = wanted.flatMap((id) => parseEventId(id)?.receivedMs ?? [])
  if (times.length === 0) return []
  const page = await events.search(scope, {
    where: { any: wanted.map((value) => ({ field: 'event.id', test: { kind: 'equals', value, cased: true } })) },
    range: { from: new Date(Math.min(...times)), to: new Date(Math.max(...times) + 1) },
    order: 'oldest',
    limit: shown,
  })
  return page.items
}
