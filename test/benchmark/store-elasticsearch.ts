import { startElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { openElasticsearchEventStore } from '../../analyzer/src/storage/index.ts'
import { Batches } from './batches.ts'
import { medianOf, timeOf, type Metric } from './report.ts'
import { everything, queries, ratePerSecond, scope, start } from './store-queries.ts'

/** Batches that are made before they are appended. */
const portion = 20

export interface PeerRun {
  readonly events: number
  readonly batchSize: number
  readonly rounds: number
  readonly seed: number
}

/**
 * The same events, of one collector, and queries through the adapter of Elasticsearch, on one node without replicas and with a heap of 1 GB, its segments merged into one
 * before its size and its queries are measured, and without its cache of answers. With each figure that `embedded` has as well: how many times ahead the embedded store is.
 */
export async function measureElasticsearch({ events, batchSize, rounds, seed }: PeerRun, embedded: readonly Metric[]): Promise<Metric[]> {
  const server = await startElasticsearch({ heapMegabytes: 1_024 })
  const store = await openElasticsearchEventStore({ connection: { nodes: [server.urls[0]!] }, replicas: 0 })
  const metrics: Metric[] = []
  const add = (metric: string, value: number, unit: string, more: 'better' | 'worse') => {
    metrics.push({ metric: `Elasticsearch: ${metric}`, value, unit })
    const own = embedded.find((each) => each.metric === metric)?.value
    if (own !== undefined)
      metrics.push({ metric: '  the embedded store is ahead', value: more === 'better' ? own / value : value / own, unit: 'times' })
  }
  try {
    const batches = new Batches({ seed, startMs: start, ratePerSecond: ratePerSecond(events), batchSize })
    let took = 0
    for (let left = Math.ceil(events / batchSize); left > 0; left -= portion)
      for await (const batch of await batches.make(Math.min(left, portion))) took += await timeOf(() => store.append(batch))
    await batches.close()
    took += await timeOf(() => store.count(scope, everything))
    add('append: durable and to be found', (events / took) * 1000, 'events/s', 'better')
    await forgetAnswers(server.urls[0]!)
    for (const path of ['_flush', '_forcemerge?max_num_segments=1']) await fetch(`${server.urls[0]}/${path}`, { method: 'POST' })
    const size = (await (await fetch(`${server.urls[0]}/_stats/store`)).json()) as {
      _all: { primaries: { store: { size_in_bytes: number } } }
    }
    add('on disk, all in segments', size._all.primaries.store.size_in_bytes / events, 'bytes/event', 'worse')
    for (const [metric, query] of queries(store, events)) add(metric, await medianOf(query, rounds), 'ms', 'worse')
    return metrics
  } finally {
    await store.close()
    await server.stop()
  }
}

/** Neither store is to answer from what it answered before. */
async function forgetAnswers(url: string): Promise<void> {
  const response = await fetch(`${url}/*-events-*/_settings?expand_wildcards=all`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'index.requests.cache.enable': false }),
  })
  if (!response.ok) throw new Error(`Elasticsearch keeps its cache of answers: ${await response.text()}`)
}
