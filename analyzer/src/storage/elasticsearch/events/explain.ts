import { everyAgency, type Scope } from '@vonggac/contract'
import type { EventQuery, Explanation, Extent } from '../../event-store.ts'
import type { Client } from '../client.ts'
import { clockField, conditionOf, type Surroundings } from './condition.ts'
import { backingIndices, summaries, type IndexSummary } from './indices.ts'

/**
 * Which backing indices a search reads. Elasticsearch itself leaves out those whose times lie outside the range, by the first and last
 * value of each (its `can_match` phase), and the names of the streams leave out other agencies.
 */
export async function explain(client: Client, scope: Scope, query: EventQuery, around: Surroundings): Promise<Explanation> {
  const { names, gone } = around
  const condition = await conditionOf(scope, query, around)
  const visible = gone === undefined ? { match_all: {} } : { bool: { must_not: [gone] } }
  const found = await summaries(client, names, visible, clockField(query.range))
  const indices = (await backingIndices(client, names)).filter(({ name }) => found.has(name))
  const [from, to] = [query.range.from.getTime(), query.range.to.getTime()]
  const pruned = new Map<string, { units: number; events: number }>()
  let scanned = nothing
  let all = nothing
  for (const { name, bytes } of indices) {
    const summary = found.get(name)!
    all = plus(all, summary, bytes)
    const own = scope.agency === everyAgency || names.holderOf(name).agency === scope.agency
    const by = !own ? 'agency' : summary.lastMs < from || summary.firstMs >= to ? 'time' : undefined
    if (by === undefined) {
      scanned = plus(scanned, summary, bytes)
      continue
    }
    const before = pruned.get(by) ?? { units: 0, events: 0 }
    pruned.set(by, { units: before.units + 1, events: before.events + summary.events })
  }
  const verified = condition !== undefined && !condition.exact
  return { unit: 'index', all, scanned, pruned: [...pruned].map(([by, extent]) => ({ by, ...extent })), verified }
}

const nothing: Extent = { units: 0, events: 0, bytes: 0 }

function plus(extent: Extent, { events }: IndexSummary, bytes: number): Extent {
  return { units: extent.units + 1, events: extent.events + events, bytes: extent.bytes + bytes }
}
