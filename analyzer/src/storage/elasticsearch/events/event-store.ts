/**
 * Events on Elasticsearch 8 or 9.
 *
 * One data stream an agency (names.ts), each with one primary shard and a new backing index every month or 40 GB: forty agencies
 * that keep a year are some five hundred shards, half of what one node takes by default; and an agency's query opens none of another's. A
 * dataset with a retention of its own gets its own streams, so that its space comes back in time.
 *
 * A document is the event itself, flat, with `subobjects: false`: `user` and `user.name` can both be there. Unknown fields become
 * keywords up to a limit; beyond it, and where an event is not what a mapping expects, the reference evaluator decides
 * (document.ts). No scripts, no ingest pipelines, no lifecycle service, no delete by query: what a plain server has is enough.
 */
import { type EventBatch, type FlatEvent, type Page, type Scope } from '@vonggac/contract'
import type {
  Aggregation,
  Appended,
  Bucket,
  EventQuery,
  EventSearch,
  EventStore,
  EventStoreHealth,
  Explanation,
  Measure,
  Retention,
  Retired,
} from '../../event-store.ts'
import { connectElasticsearch, type Client, type ElasticsearchConfig } from '../client.ts'
import { retrying } from '../retry.ts'
import { storeFailed } from '../trouble.ts'
import { Aggregates } from './aggregate.ts'
import { Appender, bulkLimits } from './append.ts'
import type { BulkLimits } from './bulk.ts'
import { explain } from './explain.ts'
import { Freshness } from './freshness.ts'
import { healthOf, unreachable } from './health.ts'
import { EventNames } from './names.ts'
import { Positions } from './positions.ts'
import { Queries } from './queries.ts'
import { Reader } from './reader.ts'
import { retain, rollOver } from './retention.ts'
import { Retired as GivenUp } from './retired.ts'
import { installTemplates } from './templates.ts'

export interface ElasticsearchEventStoreOptions {
  readonly connection: ElasticsearchConfig
  /** Copies of each shard besides the first: 0 for one node, 1 for several. */
  readonly replicas: number
  /** What the names of indices begin with; `vonggac` by default. */
  readonly prefix?: string
  /** Datasets that get streams of their own, since the retention policy names them. */
  readonly datasetsApart?: readonly string[]
  readonly limits?: BulkLimits
  /** How long to wait for a server that starts; 60 s by default. */
  readonly patienceMs?: number
}

const rolloverEveryMs = 3_600_000
const mostFieldNames = 4_000

/**
 * Puts the templates in place. Throws `store-failed` where Elasticsearch cannot be used, `invalid-configuration` for addresses and accounts
 * that cannot be right.
 */
export async function openElasticsearchEventStore(options: ElasticsearchEventStoreOptions): Promise<ElasticsearchEventStore> {
  const client = connectElasticsearch(options.connection)
  const names = new EventNames(options.prefix ?? 'vonggac', options.datasetsApart)
  try {
    await retrying(() => installTemplates(client, names, options), { forMs: options.patienceMs ?? 60_000 })
    return new ElasticsearchEventStore(client, names, options.limits ?? bulkLimits)
  } catch (error) {
    await client.close()
    throw storeFailed('cannot be prepared for events', error)
  }
}

export class ElasticsearchEventStore implements EventStore {
  readonly #client: Client
  readonly #names: EventNames
  readonly #positions: Positions
  readonly #freshness: Freshness
  readonly #retired: GivenUp
  readonly #appender: Appender
  readonly #reader: Reader
  readonly #queries: Queries
  readonly #aggregates: Aggregates
  readonly #rollover: NodeJS.Timeout
  #health: Promise<EventStoreHealth> | undefined

  constructor(client: Client, names: EventNames, limits: BulkLimits) {
    this.#client = client
    this.#names = names
    this.#positions = new Positions(client, names.state)
    this.#freshness = new Freshness(client)
    this.#retired = new GivenUp(client, names.state)
    this.#appender = new Appender({ client, names, positions: this.#positions, freshness: this.#freshness, limits })
    this.#reader = new Reader(client, names, this.#freshness, this.#retired)
    this.#queries = new Queries(this.#reader)
    this.#aggregates = new Aggregates(this.#reader)
    // What fails is done an hour later.
    this.#rollover = setInterval(() => void rollOver({ client, names }).catch(() => undefined), rolloverEveryMs)
    this.#rollover.unref()
  }

  async append(batch: EventBatch): Promise<Appended> {
    return { stored: await this.#appender.append(batch) }
  }

  async positions(): Promise<ReadonlyMap<string, number>> {
    try {
      return await this.#positions.all()
    } catch (error) {
      throw storeFailed('cannot say what is stored', error)
    }
  }

  read(scope: Scope, id: string): Promise<FlatEvent | undefined> {
    return this.#queries.read(scope, id)
  }

  search(scope: Scope, query: EventSearch): Promise<Page<FlatEvent>> {
    return this.#queries.search(scope, query)
  }

  count(scope: Scope, query: EventQuery): Promise<number> {
    return this.#queries.count(scope, query)
  }

  aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]> {
    return this.#aggregates.aggregate(scope, query, by)
  }

  measure(scope: Scope, query: EventQuery, field: string): Promise<Measure> {
    return this.#aggregates.measure(scope, query, field)
  }

  fieldNames(scope: Scope, query: Omit<EventQuery, 'where'>): Promise<readonly string[]> {
    const index = this.#names.patternOf(scope)
    return this.#reader.with(query, async () =>
      index === undefined ? [] : (await this.#reader.fieldNames(index)).slice(0, mostFieldNames),
    )
  }

  explain(scope: Scope, query: EventQuery): Promise<Explanation> {
    return this.#reader.with(query, async () => explain(this.#client, scope, query, await this.#reader.surroundings()))
  }

  scan(scope: Scope, query: EventQuery): AsyncIterable<Uint8Array> {
    return this.#queries.scan(scope, query)
  }

  retain(policy: Retention): Promise<Retired> {
    return retain({ client: this.#client, names: this.#names, freshness: this.#freshness, retired: this.#retired }, policy)
  }

  /** Those who ask while it is being found out get the same answer. */
  health(): Promise<EventStoreHealth> {
    this.#health ??= this.#askHealth().finally(() => {
      this.#health = undefined
    })
    return this.#health
  }

  async #askHealth(): Promise<EventStoreHealth> {
    try {
      await this.#freshness.refreshed()
      const gone = await this.#retired.query()
      return await healthOf({ client: this.#client, names: this.#names, gone, refused: this.#appender.refused })
    } catch (error) {
      return unreachable(error)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#rollover)
    await this.#appender.settled()
    await this.#client.close()
  }
}
