import { setTimeout as pause } from 'node:timers/promises'
import { formatEventId, isVonggacError, systemScope, type EventBatch } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import type { EventQuery, EventStore } from '../../analyzer/src/storage/event-store.ts'

export const everyone = systemScope('test')
const start = Date.UTC(2026, 4, 1)
export const everything: EventQuery = { where: always, range: { from: new Date(start - 1), to: new Date(start + 86_400_000) } }

/** When the event of a position was received. */
export function receivedAt(position: number): Date {
  return new Date(start + position * 10)
}

/** A batch as a collector sends it; `more` are fields besides those that every event has. */
export function numberedBatch(
  collector: string,
  first: number,
  count: number,
  more: (position: number) => Readonly<Record<string, unknown>> = () => ({}),
): EventBatch {
  const lines = Array.from({ length: count }, (_, n) => {
    const position = first + n
    const received = receivedAt(position).getTime()
    return JSON.stringify({
      '@timestamp': new Date(received).toISOString(),
      'event.id': formatEventId(received, collector, position),
      'event.dataset': 'nginx.access',
      'organization.id': position % 3 === 0 ? 'health' : 'port',
      'vonggac.source.id': 'source-1',
      message: `line ${position} of ${collector}`,
      ...more(position),
    })
  })
  return { collector, first, last: first + count - 1, count, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) }
}

/** Sends as a collector does: the same batch again until it is acknowledged. Gives how many events the store says it made durable. */
export async function sendUntilTaken(store: EventStore, batch: EventBatch, forMs = 150_000): Promise<number> {
  const deadline = Date.now() + forMs
  for (;;) {
    try {
      return (await store.append(batch)).stored
    } catch (error) {
      if (!isVonggacError(error, 'busy') && !isVonggacError(error, 'store-failed')) throw error
      if (Date.now() > deadline) throw error
      await pause(100)
    }
  }
}

/** The ids of everything that there is, as often as each is there. */
export async function allIds(store: EventStore): Promise<string[]> {
  const ids: string[] = []
  for await (const chunk of store.scan(everyone, everything)) {
    for (const line of Buffer.from(chunk).toString().split('\n').slice(0, -1))
      ids.push((JSON.parse(line) as { 'event.id': string })['event.id'])
  }
  return ids
}

/** Every event once: what a test of faults ends with. */
export async function countsOnce(
  store: EventStore,
): Promise<{ readonly events: number; readonly different: number; readonly counted: number }> {
  const ids = await allIds(store)
  return { events: ids.length, different: new Set(ids).size, counted: await store.count(everyone, everything) }
}
