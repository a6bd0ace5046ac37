import { say, together, type Sentence } from '@vonggac/contract'
import type { EventStoreHealth } from '../../event-store.ts'
import type { Client } from '../client.ts'
import { statusOf, storeFailed } from '../trouble.ts'
import type { Query } from './condition.ts'
import { backingIndices, summaries, type BackingIndex } from './indices.ts'
import type { EventNames } from './names.ts'

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

/** A server that is away is a state, too. */
export function unreachable(error: unknown): EventStoreHealth {
  const detail = storeFailed('cannot be asked for its health', error).said
  return { engine: 'elasticsearch', state: 'failed', detail, events: 0, bytes: 0, parts: [] }
}

/** What Elasticsearch says of itself and of our indices. Throws where it says nothing. */
export async function healthOf(deps: HealthDeps): Promise<EventStoreHealth> {
  const { client, names, gone } = deps
  const [colors, indices, disks, rejected] = await Promise.all([
    indexColors(client, names),
    backingIndices(client, names),
    disksOf(client),
    countRejected(client, names),
  ])
  const blocks = await blockedIndices(client, indices)
  // A search of indices with lost shards is refused: then the indices' own counts have to do.
  const isRed = [...colors.values()].includes('red')
  const visible = gone === undefined ? { match_all: {} } : { bool: { must_not: [gone] } }
  const found = isRed ? [] : [...(await summaries(client, names, visible)).values()]
  const notes = notesOf({ ...deps, colors, blocks, disks, rejected })
  return {
    engine: 'elasticsearch',
    state: worst(notes.map(({ state }) => state)),
    detail: together(...notes.map(({ said }) => said)),
    events: (isRed ? indices : found).reduce((sum, { events }) => sum + events, 0),
    bytes: indices.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(found.length > 0 && {
      oldest: new Date(Math.min(...found.map(({ firstMs }) => firstMs))),
      newest: new Date(Math.max(...found.map(({ lastMs }) => lastMs))),
    }),
    ...(disks.length > 0 && { disk: { freeBytes: disks.reduce((sum, { freeBytes }) => sum + freeBytes, 0) } }),
    parts: indices.map((index) => partOf(index, colors.get(index.name), blocks.get(index.name))),
  }
}

interface Known extends Pick<HealthDeps, 'names' | 'refused'> {
  readonly colors: ReadonlyMap<string, string>
  readonly blocks: ReadonlyMap<string, string>
  readonly disks: readonly Disk[]
  readonly rejected: number
}

interface Note {
  readonly state: State
  readonly said: Sentence
}

function notesOf({ names, colors, blocks, disks, refused, rejected }: Known): readonly Note[] {
  const seen = new Set(colors.values())
  const notes: Note[] = []
  const failed = (said: Sentence) => notes.push({ state: 'failed', said })
  const degraded = (said: Sentence) => notes.push({ state: 'degraded', said })
  if (seen.has('red')) failed(say('indices-red'))
  if (blocks.size > 0) {
    const kinds = [...new Set(blocks.values())].join(', ')
    failed(say('indices-blocked', { indices: blocks.size, kinds }))
  }
  if (seen.has('yellow')) degraded(say('indices-yellow'))
  for (const { node, percent } of disks) {
    if (percent < fullDiskPercent) continue
    degraded(say('node-disk-filling', { node, percent }))
  }
  if (refused > 0) degraded(say('fields-refused', { events: refused }))
  if (rejected > 0) notes.push({ state: 'ready', said: say('lines-rejected', { lines: rejected, index: names.rejected }) })
  return notes
}

function worst(states: readonly State[]): State {
  return states.includes('failed') ? 'failed' : states.includes('degraded') ? 'degraded' : 'ready'
}

function partOf({ name, events, bytes, isWritten }: BackingIndex, color: string | undefined, block: string | undefined): Part {
  const state = color === 'red' || (block !== undefined && isWritten) ? 'failed' : color === 'yellow' ? 'degraded' : 'ready'
  const detail = block !== undefined && isWritten ? block : color === 'green' ? undefined : color
  return { name, events, bytes, state, ...(detail !== undefined && { detail }) }
}

async function indexColors(client: Client, { everything }: EventNames): Promise<ReadonlyMap<string, string>> {
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
