/**
 * Retention as a job of our own, so that it works on every server. What a policy gives up is invisible at once (retired.ts). A
 * backing index is deleted when all that it holds is given up; until then its events wait in it. So that this comes soon, a stream goes
 * on to a new backing index when the current one is a month old or large, and at once when all it holds is given up.
 */
import { VonggacError } from '@vonggac/contract'
import type { Retention, Retired as RetiredEvents } from '../../event-store.ts'
import type { Client } from '../client.ts'
import { statusOf, storeFailed } from '../trouble.ts'
import { anyOf, type Query } from './condition.ts'
import type { Freshness } from './freshness.ts'
import { backingIndices, summaries, type BackingIndex } from './indices.ts'
import type { EventNames } from './names.ts'
import { appliedPolicy, givenUp, type AppliedPolicy, type Retired } from './retired.ts'

/** Elastic's advice for a shard is 10 to 50 GB. */
const largest = '40gb'
const oldestDays = 30
const dayMs = 86_400_000

interface RetentionDeps {
  readonly client: Client
  readonly names: EventNames
  readonly freshness: Freshness
  readonly retired: Retired
}

export async function retain(deps: RetentionDeps, retention: Retention): Promise<RetiredEvents> {
  const policy = appliedPolicy(retention)
  try {
    const { retired, freshness } = deps
    await freshness.refreshed()
    const before = await retired.query()
    const events = await newlyGivenUp(deps, policy, before)
    if (events > 0) await retired.add(policy)
    await rollOver(deps, retention)
    await deleteOldRejected(deps, retention)
    return { events, bytes: await deleteWholeIndices(deps) }
  } catch (error) {
    throw error instanceof VonggacError ? error : storeFailed('cannot carry out the retention', error)
  }
}

async function newlyGivenUp({ client, names }: RetentionDeps, policy: AppliedPolicy, before: Query | undefined): Promise<number> {
  const query = { bool: { filter: [givenUp(policy)], must_not: before === undefined ? [] : [before] } }
  const { count } = await client.count({ index: names.everything, ignore_unavailable: true, allow_no_indices: true, query } as never)
  return count
}

/** Safe to be done by several at once: Elasticsearch checks the conditions. */
export async function rollOver({ client, names }: Pick<RetentionDeps, 'client' | 'names'>, retention?: Retention): Promise<void> {
  const { data_streams: streams } = await client.indices.getDataStream({ name: [...names.streams] })
  for (const { name } of streams) {
    const days = retention === undefined ? oldestDays : daysOf(names, name, retention)
    await client.indices.rollover({ alias: name, conditions: { max_age: `${days}d`, max_primary_shard_size: largest, min_docs: 1 } })
  }
}

/** What is kept for a week should not wait a month in its index: an eighth of the time that the stream's events are kept. */
function daysOf(names: EventNames, stream: string, { before, exceptions }: Retention): number {
  const { agency, isApart } = names.holderOf(stream)
  const concerned = exceptions.filter((part) => (part.agency ?? agency) === agency && (part.dataset === undefined || isApart))
  const latest = Math.max(+before, ...concerned.map((part) => +part.before))
  return Math.min(oldestDays, Math.max(1, Math.round((Date.now() - latest) / dayMs / 8)))
}

async function deleteWholeIndices(deps: RetentionDeps): Promise<number> {
  const { client, names, retired } = deps
  const policies = await retired.policies()
  if (policies.length === 0) return 0
  const gone = anyOf(policies.map(givenUp))
  const isEmptied = async () => {
    await client.indices.refresh({ index: names.everything, ignore_unavailable: true })
    const left = await summaries(client, names, { bool: { must_not: [gone] } })
    return ({ name, events }: BackingIndex) => events > 0 && !left.has(name)
  }
  const suspects = (await backingIndices(client, names)).filter(await isEmptied())
  for (const { stream, isWritten } of suspects) if (isWritten) await client.indices.rollover({ alias: stream })
  // A write under way may still arrive in an index that its stream has left: the block waits for it, then the index is looked at again.
  for (const { name } of suspects) await client.indices.addBlock({ index: name, block: 'write' })
  const emptied = suspects.length === 0 ? [] : suspects.filter(await isEmptied())
  for (const { name } of emptied) await deleteIndex(client, name)
  await forgetWhatIsDeleted(deps, policies)
  return emptied.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Nobody knows whose rejected lines are: they go when no part of the policy would keep them. */
async function deleteOldRejected({ client, names }: RetentionDeps, { before, exceptions, holds }: Retention): Promise<void> {
  const earliest = Math.min(+before, ...exceptions.map((exception) => +exception.before), ...holds.map(({ from }) => +from))
  const { data_streams } = await client.indices.getDataStream({ name: `${names.rejected}*` })
  for (const { index_name: index } of data_streams.flatMap(({ indices }) => indices.slice(0, -1))) {
    const { count } = await client.count({ index, query: { range: { '@timestamp': { gte: new Date(earliest).toISOString() } } } })
    if (count === 0) await deleteIndex(client, index)
  }
}

async function deleteIndex(client: Client, index: string): Promise<void> {
  try {
    await client.indices.delete({ index })
  } catch (error) {
    // Another analyzer's retention was faster.
    if (statusOf(error) !== 404) throw error
  }
}

/** The latest policy stays: what comes late is given up by it too. */
async function forgetWhatIsDeleted({ client, names, retired }: RetentionDeps, policies: readonly AppliedPolicy[]): Promise<void> {
  const done: AppliedPolicy[] = []
  for (const policy of policies.slice(0, -1)) {
    const { count } = await client.count({
      index: names.everything,
      ignore_unavailable: true,
      allow_no_indices: true,
      query: givenUp(policy),
    } as never)
    if (count === 0) done.push(policy)
  }
  if (done.length > 0) await retired.forget(done)
}
