import type { Client } from '../client.ts'
import type { Query } from './condition.ts'
import { own } from './fields.ts'
import type { EventNames } from './names.ts'

/** A backing index of a data stream. */
export interface BackingIndex {
  readonly name: string
  readonly stream: string
  /** New events go to it. */
  readonly isWritten: boolean
  readonly events: number
  readonly bytes: number
}

interface Listed {
  readonly name: string
  readonly indices: readonly { readonly index_name: string }[]
}

/** All that hold events, by stream and in the order of their generations; `bytes` with replicas. */
export async function backingIndices(client: Client, names: EventNames): Promise<readonly BackingIndex[]> {
  const { data_streams } = (await client.indices.getDataStream({ name: names.everything })) as { data_streams: readonly Listed[] }
  if (data_streams.length === 0) return []
  const { indices = {} } = await client.indices.stats({ index: names.everything, metric: ['docs', 'store'] })
  const streams = data_streams.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return streams.flatMap(({ name: stream, indices: list }) =>
    list.map(({ index_name: name }, at) => ({
      name,
      stream,
      isWritten: at === list.length - 1,
      events: indices[name]?.primaries?.docs?.count ?? 0,
      bytes: indices[name]?.total?.store?.size_in_bytes ?? 0,
    })),
  )
}

export interface IndexSummary {
  readonly events: number
  readonly firstMs: number
  readonly lastMs: number
}

/** What the query finds in each index: how many events, and their times by a clock's field. Indices where it finds nothing are left out. */
export async function summaries(
  client: Client,
  { everything }: EventNames,
  query: Query,
  clock: string = own.received,
): Promise<ReadonlyMap<string, IndexSummary>> {
  const answer = await client.search({
    index: everything,
    ignore_unavailable: true,
    allow_no_indices: true,
    allow_partial_search_results: false,
    size: 0,
    track_total_hits: false,
    query,
    aggs: {
      indices: { terms: { field: '_index', size: 10_000 }, aggs: { first: { min: { field: clock } }, last: { max: { field: clock } } } },
    },
  } as never)
  const { indices } = (answer.aggregations ?? {}) as { indices?: { buckets: readonly Bucket[] } }
  return new Map(
    (indices?.buckets ?? []).map(({ key, doc_count: events, first, last }) => [key, { events, firstMs: first.value, lastMs: last.value }]),
  )
}

interface Bucket {
  readonly key: string
  readonly doc_count: number
  readonly first: { readonly value: number }
  readonly last: { readonly value: number }
}
