import { VonggacError, type FlatEvent } from '@vonggac/contract'
import type { Client } from '../client.ts'
import { statusOf, storeFailed, typeOf } from '../trouble.ts'
import type { Query, Surroundings } from './condition.ts'
import { fromSource } from './document.ts'
import { isForeign, ownPrefix } from './fields.ts'
import type { Freshness } from './freshness.ts'
import type { EventNames } from './names.ts'
import type { Retired } from './retired.ts'

export interface Hit {
  readonly _source: Parameters<typeof fromSource>[0]
  readonly sort: readonly (string | number | null)[]
}

interface SearchAnswer {
  readonly hits: { readonly total?: { readonly value: number }; readonly hits: readonly Hit[] }
  readonly aggregations?: unknown
  readonly timed_out: boolean
  readonly pit_id?: string
}

/** How long a point in time outlives the latest request that used it. */
const keepAlive = '2m'
/** For a search on the server. */
const timeout = '30s'

/** Mappings rarely change by hand. */
const foreignForMs = 30_000
const otherTypes =
  'boolean,byte,date,date_nanos,double,flattened,float,half_float,integer,ip,long,match_only_text,scaled_float,short,text,unsigned_long'

/** Missing streams are empty ones, and part of an answer is none. */
const everywhere = { ignore_unavailable: true, allow_no_indices: true, allow_partial_search_results: false }

/** The requests that queries consist of. */
export class Reader {
  readonly #client: Client
  readonly #names: EventNames
  readonly #freshness: Freshness
  readonly #retired: Retired
  #foreign: ReadonlySet<string> = new Set()
  #foreignAt = Number.NEGATIVE_INFINITY

  constructor(client: Client, names: EventNames, freshness: Freshness, retired: Retired) {
    this.#client = client
    this.#names = names
    this.#freshness = freshness
    this.#retired = retired
  }

  /** Runs a query after making visible what was appended before it, and turns what goes wrong into what the port promises. */
  async with<T>({ signal }: { readonly signal?: AbortSignal | undefined }, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    try {
      await this.#freshness.refreshed()
      const result = await work()
      signal?.throwIfAborted()
      return result
    } catch (error) {
      signal?.throwIfAborted()
      throw asFailure(error)
    }
  }

  async surroundings(): Promise<Surroundings> {
    return {
      names: this.#names,
      gone: await this.#retired.query(),
      foreign: await this.#foreignFields(),
      texts: (index) => this.#textsIn(index),
    }
  }

  /** Of every field that these indices know. */
  async fieldNames(index: string): Promise<readonly string[]> {
    const asked = { index, fields: '*', filters: '-metadata,-multifield' }
    const { fields } = await this.#client.fieldCaps({ ...asked, ignore_unavailable: true, allow_no_indices: true } as never)
    return Object.keys(fields).filter((name) => !name.startsWith(ownPrefix))
  }

  async count(index: string, query: Query, signal: AbortSignal | undefined): Promise<number> {
    const { hits } = await this.search({ index, query, size: 0, track_total_hits: true }, signal)
    return hits.total!.value
  }

  async hits(body: { readonly index: string } & Query, signal: AbortSignal | undefined): Promise<readonly Hit[]> {
    return (await this.search({ ...body, track_total_hits: false }, signal)).hits.hits
  }

  async search({ index, ...body }: { readonly index?: string } & Query, signal: AbortSignal | undefined): Promise<SearchAnswer> {
    const params = { ...(index !== undefined && { index, ...everywhere }), ...body, timeout }
    const answer = (await this.#client.search(params as never, { ...(signal && { signal }) })) as SearchAnswer
    if (answer.timed_out) throw tooSlow
    return answer
  }

  /** All that the query finds at one moment, oldest first, in pages. */
  async *everything(index: string, query: Query, size: number, signal: AbortSignal | undefined): AsyncGenerator<readonly FlatEvent[]> {
    const sort = [{ 'event.id': { order: 'asc', unmapped_type: 'keyword' } }]
    for await (const hits of this.#pages(index, { query, sort, size }, signal)) yield hits.map(({ _source }) => fromSource(_source))
  }

  async *#pages(index: string, body: { readonly size: number } & Query, signal: AbortSignal | undefined): AsyncGenerator<readonly Hit[]> {
    const pit = await this.#openPointInTime(index, signal)
    try {
      for (let after: Hit['sort'] | undefined; ;) {
        signal?.throwIfAborted()
        const next = after === undefined ? body : { ...body, search_after: after }
        const { hits } = await this.search({ ...next, ...pit.in(), track_total_hits: false }, signal)
        if (hits.hits.length > 0) yield hits.hits
        if (hits.hits.length < body.size) return
        after = hits.hits.at(-1)!.sort
      }
    } catch (error) {
      signal?.throwIfAborted()
      throw asFailure(error)
    } finally {
      await pit.close()
    }
  }

  /** Several requests on the state of one moment. */
  async atOneMoment<T>(
    index: string,
    signal: AbortSignal | undefined,
    work: (search: (body: Query) => Promise<SearchAnswer>) => Promise<T>,
  ): Promise<T> {
    const pit = await this.#openPointInTime(index, signal)
    try {
      return await work((body) => this.search({ ...body, ...pit.in() }, signal))
    } finally {
      await pit.close()
    }
  }

  async #openPointInTime(index: string, signal: AbortSignal | undefined) {
    const { id } = await this.#client.openPointInTime(
      { index, keep_alive: keepAlive, ignore_unavailable: true },
      { ...(signal && { signal }) },
    )
    const close = async () => {
      await this.#client.closePointInTime({ id }).catch(() => undefined)
    }
    return { in: () => ({ pit: { id, keep_alive: keepAlive } }), close }
  }

  async #foreignFields(): Promise<ReadonlySet<string>> {
    if (Date.now() - this.#foreignAt < foreignForMs) return this.#foreign
    const { fields } = await this.#client.fieldCaps({
      index: this.#names.everything,
      fields: '*',
      filters: '-metadata,-multifield',
      types: otherTypes,
      ignore_unavailable: true,
      allow_no_indices: true,
    } as never)
    this.#foreign = new Set(Object.keys(fields).filter(isForeign))
    this.#foreignAt = Date.now()
    return this.#foreign
  }

  async #textsIn(index: string): Promise<readonly string[]> {
    const asked = { index, fields: '*', filters: '-metadata', types: 'keyword,wildcard', include_empty_fields: false }
    const { fields } = await this.#client.fieldCaps({ ...asked, ignore_unavailable: true, allow_no_indices: true } as never)
    return Object.keys(fields).filter((name) => !name.startsWith(ownPrefix))
  }
}

const tooSlow = new VonggacError('store-failed', 'The search took longer than 30 seconds. Ask for a shorter time, or for less at once.')

/** Elasticsearch names what a person asked too much of; everything else is its own trouble. */
function asFailure(error: unknown): unknown {
  if (error instanceof VonggacError) return error
  if (statusOf(error) === 400) {
    const detail = JSON.stringify((error as { body?: unknown }).body ?? typeOf(error)).slice(0, 500)
    return new VonggacError('invalid-request', `Elasticsearch cannot run this search: ${detail}`, { cause: error })
  }
  return storeFailed('cannot search', error)
}
