import { isVonggacError, type FlatEvent, type Scope } from '@vonggac/contract'
import type { EventQuery, EventSearch, EventStore } from '../event-store.ts'
import { everyone } from './events.contract.ts'

/** What each part of the suite is given: `open` and `settle` of `eventStoreContract`. */
export interface Adapter {
  readonly open: () => Promise<EventStore>
  readonly settle: (store: EventStore) => Promise<void>
}

/** Runs a test on a new store of its own. */
export async function withStore({ open }: Adapter, work: (store: EventStore) => Promise<void>): Promise<void> {
  const store = await open()
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

/** The code of one of our errors, and any other error as it is. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (isVonggacError(error) ? error.code : error),
  )
}

export function idsOf(events: readonly FlatEvent[]): (FlatEvent[string] | undefined)[] {
  return events.map((found) => found['event.id'])
}

/** Every page from the first to the last; `between` is done before each next one. */
export async function pageThrough(
  store: EventStore,
  search: EventSearch,
  between: () => Promise<void> = async () => {},
): Promise<FlatEvent[]> {
  const found: FlatEvent[] = []
  for (let after: string | undefined; ;) {
    const page = await store.search(everyone, { ...search, ...(after !== undefined && { after }) })
    found.push(...page.items)
    if (page.next === null) return found
    after = page.next
    await between()
  }
}

/** Without its prototype, which is no part of an event. */
export function plain(found: FlatEvent): FlatEvent {
  return Object.fromEntries(Object.entries(found))
}

export function countsOf(events: readonly FlatEvent[], name: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const found of events) {
    const values = found[name]
    for (const member of new Set(values === undefined ? [] : [values].flat())) counts[String(member)] = (counts[String(member)] ?? 0) + 1
  }
  return counts
}

export async function scanned(store: EventStore, scope: Scope, query: EventQuery): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.scan(scope, query)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function linesIn(ndjson: Buffer): string[] {
  return ndjson.toString().split('\n').slice(0, -1)
}
