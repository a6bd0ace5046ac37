/**
 * Events that came twice to neighbouring backing indices.
 *
 * Elasticsearch refuses an id that is there only within one backing index. A request that nobody waits for any more can still store an
 * event after it was looked for and before its stream goes on to the next index, where its repeat is then stored as well. It needs a
 * broken connection and a turn of the stream within the same moment; so it is only looked for where a stream turned while a batch was
 * repeated.
 */
import type { Client } from '../client.ts'
import { statusOf } from '../trouble.ts'
import { own } from './fields.ts'
import { backingIndices } from './indices.ts'
import type { EventNames } from './names.ts'

/** Positions of a collector: above the first, up to the last; and the streams that their events go to. */
export interface Stretch {
  readonly streams: readonly string[]
  readonly collector: string
  readonly above: number
  readonly last: number
}

/** Where each stream's new events go now. */
export async function writtenIndices(client: Client, names: EventNames): Promise<ReadonlyMap<string, string>> {
  const indices = await backingIndices(client, names)
  return new Map(indices.filter(({ isWritten }) => isWritten).map(({ stream, name }) => [stream, name]))
}

export interface StoredEvent {
  readonly id: string
  readonly index: string
}

/** The events of a stretch that are there, by position. Makes them visible first. */
export async function storedEvents(
  client: Client,
  names: EventNames,
  { streams, collector, above, last }: Stretch,
): Promise<readonly StoredEvent[]> {
  // No index of another agency: one that is damaged must not keep these events from being stored.
  const index = streams.map((stream) => names.around(stream)).join()
  await client.indices.refresh({ index, ignore_unavailable: true, allow_no_indices: true })
  const query = { bool: { filter: [{ term: { [own.collector]: collector } }, { range: { [own.position]: { gt: above, lte: last } } }] } }
  const found: StoredEvent[] = []
  for (let after: readonly unknown[] | undefined; ;) {
    const { hits } = await client.search({
      index,
      ignore_unavailable: true,
      allow_no_indices: true,
      allow_partial_search_results: false,
      size: pageSize,
      _source: false,
      query,
      sort: [{ [own.position]: { order: 'asc', unmapped_type: 'long' } }, { _index: 'asc' }],
      track_total_hits: false,
      ...(after !== undefined && { search_after: after }),
    } as never)
    for (const { _id, _index } of hits.hits) found.push({ id: _id!, index: _index })
    if (hits.hits.length < pageSize) return found
    after = hits.hits.at(-1)!.sort
  }
}

const pageSize = 10_000

/** Deletes the second copy of each event that has one. Gives how many were deleted. */
export async function removeDoubles(
  client: Client,
  names: EventNames,
  before: ReadonlyMap<string, string>,
  stretch: Stretch,
): Promise<number> {
  const now = await writtenIndices(client, names)
  const left = new Set([...before].filter(([stream, index]) => now.get(stream) !== index).map(([, index]) => index))
  if (left.size === 0) return 0
  for (const index of left) await finishWrites(client, index)
  const stored = await storedEvents(client, names, stretch)
  const first = new Set(stored.filter(({ index }) => left.has(index)).map(({ id }) => id))
  const doubles = stored.filter(({ id, index }) => first.has(id) && !left.has(index))
  for (const { id, index } of doubles) await client.delete({ index, id })
  return doubles.length
}

/** Setting the block waits for the writes that are under way; no others follow. */
async function finishWrites(client: Client, index: string): Promise<void> {
  try {
    await client.indices.addBlock({ index, block: 'write' })
  } catch (error) {
    // Deleted by retention since.
    if (statusOf(error) !== 404) throw error
  }
}
