import type { Clock } from '../../../platform/clock.ts'
import type { Client } from '../client.ts'
import type { Hit } from './cells.ts'
import type { DocumentNames } from './names.ts'
import type { Searches } from './search.ts'

/** No process that made a change so long ago is still at it. */
const longAgoMs = 24 * 60 * 60_000
const portion = 1_000

/** Deletes decisions of changes that were cut short long ago, when nothing waits for them any more. */
export async function sweepCommits(client: Client, names: DocumentNames, searches: Searches, clock: Clock): Promise<void> {
  const before = new Date(clock.now().getTime() - longAgoMs).toISOString()
  const query = { range: { at: { lt: before } } }
  const { hits } = (await client.search({ index: names.commits, query, size: portion, _source: false })).hits
  if (hits.length === 0) return
  const old = (hits as readonly Hit[]).map(({ _id }) => _id)
  // Every search carries out what is decided in the indices that it reads.
  const waiting = { query: { terms: { 'pending.commit': old } }, size: 1, track_total_hits: false, _source: false }
  const [found] = await searches.search(`${names.allDocuments},${names.series}`, [waiting])
  if (found!.hits.hits.length > 0) return
  await client.bulk({ operations: old.map((_id) => ({ delete: { _index: names.commits, _id } })) })
}
