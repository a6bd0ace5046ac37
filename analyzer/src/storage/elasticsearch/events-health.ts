import type { EventStoreHealth } from '../event-store.ts'
import type { Client } from './client.ts'
import type { Query } from './events-condition.ts'
import { backingIndices, summaries, type BackingIndex } from './events-indices.ts'
import type { EventNames } from './events-names.ts'
import { statusOf, storeFailed } from './trouble.ts'

type Part = EventStoreHealth['parts'][number]
type State = EventStoreHealth['state']

interface HealthDeps {
  readonly client: Client
  readonly names: EventNames
  readonly gone: Query | undefined
  /** Events that Elasticsearch refused to index, since the start. */
  readonly refused: number
}

/** A node's disk from where Elasticsearch moves shards away; at 95 % it makes indices read-only. */
const fullDiskPercent = 90

/** What Elasticsearch says of itself and of our indices. Throws nothing: a server that is away is a state. */
export async function healthOf(deps: HealthDeps): Promise<EventStoreHealth> {
  try {
    return await askHealth(deps)
  } catch (error) {
    return unreachable(error)
  }
}

export function unreachable(error: unknown): EventStoreHealth {
  const detail = storeFailed('cannot be asked for its health', error).message
  return { engine: 'elasticsearch', state: 'failed', detail, events: 0, bytes: 0, parts: [] }
}

async function askHealth({ client, names, gone, refused }: HealthDeps): Promise<EventStoreHealth> {
  const states = await indexStates(client, names)
  const indices = await backingIndices(client, names)
  const disks = await disksOf(client)
  const isRed = [...states.values()].some((state) => state === 'red')
  const found = isRed ? new Map() : await summaries(client, names, gone === undefined ? { match_all: {} } : { bool: { must_not: [gone] } })
  const blocked = await blockedIndices(client, indices)
  const rejected = await countRejected(client, names)
  const parts = indices.map((index) => partOf(index, states.get(index.name), blocked.get(index.name)))
  const notes: { readonly state: State; readonly text: string }[] = []
  const failed = parts.filter(({ state }) => state === 'failed').length
  if (isRed)
    notes.push({
      state: 'failed',
      text: 'Indices have lost shards (red): their events cannot be searched, and new ones may not be taken. Bring the missing nodes back.',
    })
  if (blocked.size > 0 && failed > 0)
    notes.push({
      state: 'failed',
      text: `${blocked.size} indices take no events (${[...new Set(blocked.values())].join(', ')}). Free disk space, then lift the block.`,
    })
  if ([...states.values()].includes('yellow'))
    notes.push({
      state: 'degraded',
      text: 'Some replicas have no node (yellow): the loss of one more node could lose events. Add nodes, or set fewer replicas.',
    })
  for (const { node, percent } of disks.filter(({ percent }) => percent >= fullDiskPercent))
    notes.push({
      state: 'degraded',
      text: `The disk of the node ${node} is ${percent} % full; at 95 % Elasticsearch takes no more events. Add space, or keep events for a shorter time.`,
    })
  if (refused > 0)
    notes.push({
      state: 'degraded',
      text: `Elasticsearch refused the fields of ${refused} events since the start: they are kept whole and found, but slowly.`,
    })
  if (rejected > 0) notes.push({ state: 'ready', text: `${rejected} lines that are no events are kept in ${names.rejected}.` })
  const summed = [...found.values()] as { events: number; firstMs: number; lastMs: number }[]
  const free = disks.reduce((sum, { freeBytes }) => sum + freeBytes, 0)
  return {
    engine: 'elasticsearch',
    state: worst(notes.map(({ state }) => state)),
    detail: notes.map(({ text }) => text).join(' '),
    events: isRed ? indices.reduce((sum, { events }) => sum + events, 0) : summed.reduce((sum, { events }) => sum + events, 0),
    bytes: indices.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(summed.length > 0 && {
      oldest: new Date(Math.min(...summed.map(({ firstMs }) => firstMs))),
      newest: new Date(Math.max(...summed.map(({ lastMs }) => lastMs))),
    }),
    ...(disks.length > 0 && { disk: { freeBytes: free } }),
    parts,
  }
}

function worst(states: readonly State[]): State {
  return states.includes('failed') ? 'failed' : states.includes('degraded') ? 'degraded' : 'ready'
}

function partOf({ name, events, bytes, isWritten }: BackingIndex, color: string | undefined, block: string | undefined): Part {
  const state = color === 'red' || (block !== undefined && isWritten) ? 'failed' : color === 'yellow' ? 'degraded' : 'ready'
  const detail = block !== undefined && isWritten ? block : color === 'green' ? undefined : color
  return { name, events, bytes, state, ...(detail !== undefined && { detail }) }
}

async function indexStates(client: Client, { everything }: EventNames): Promise<ReadonlyMap<string, string>> {
  const { indices = {} } = await client.cluster.health({ index: everything, level: 'indices', expand_wildcards: 'all' })
  return new Map(Object.entries(indices).map(([name, { status }]) => [name, String(status).toLowerCase()]))
}

/** Only the indices that new events go to: older ones are blocked by retention itself. */
async function blockedIndices(client: Client, indices: readonly BackingIndex[]): Promise<ReadonlyMap<string, string>> {
  const written = indices.filter(({ isWritten }) => isWritten).map(({ name }) => name)
  if (written.length === 0) return new Map()
  const settings = await client.indices.getSettings({ index: written, name: 'index.blocks.*', flat_settings: true })
  const blocks = Object.entries(settings).flatMap(([name, { settings: own }]): [string, string][] => {
    const set = Object.entries((own ?? {}) as Record<string, unknown>).filter(([, value]) => String(value) === 'true')
    return set.length === 0 ? [] : [[name, set.map(([block]) => block).join(', ')]]
  })
  return new Map(blocks)
}

interface Disk {
  readonly node: string
  readonly freeBytes: number
  readonly percent: number
}

/** Empty where the account may not ask: what is free is then unknown. */
async function disksOf(client: Client): Promise<readonly Disk[]> {
  try {
    const { nodes } = await client.nodes.stats({ metric: 'fs' })
    return Object.values(nodes).flatMap(({ name, fs }) => {
      const { total_in_bytes: total, available_in_bytes: free } = fs?.total ?? {}
      if (total === undefined || free === undefined || total === 0) return []
      return [{ node: name ?? '', freeBytes: free, percent: Math.round(((total - free) / total) * 100) }]
    })
  } catch (error) {
    if (statusOf(error) === 403) return []
    throw error
  }
}

async function countRejected(client: Client, { rejected }: EventNames): Promise<number> {
  return (await client.count({ index: rejected, ignore_unavailable: true, allow_no_indices: true })).count
}
