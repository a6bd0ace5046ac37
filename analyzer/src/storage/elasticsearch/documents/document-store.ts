import { Client, errors } from '@elastic/elasticsearch'
import { scopeCovers, type Page, type Scalar, type Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { systemClock, type Clock } from '../../../platform/clock.ts'
import { alreadyExists, conflict, reviveDocument, type StoredDocument } from '../../document-checks.ts'
import {
  toAppend,
  toWrite,
  type Append,
  type DocumentStore,
  type FindPage,
  type Kind,
  type Lease,
  type Sequenced,
  type Series,
  type Version,
  type Versioned,
  type Write,
  type WriteResult,
} from '../../document-store.ts'
import { connectElasticsearch, type ElasticsearchConfig } from '../client.ts'
import { retrying } from '../retry.ts'
import { ItemError, storeFailed } from '../trouble.ts'
import { Cells } from './cells.ts'
import { Changes } from './changes.ts'
import { Commits } from './commits.ts'
import { prepare } from './draft.ts'
import { count, find, tally } from './find.ts'
import { Kinds } from './kinds.ts'
import { takeLease } from './leases.ts'
import { Memory } from './memory.ts'
import { DocumentNames } from './names.ts'
import { Searches } from './search.ts'
import { SeriesEntries } from './series.ts'
import { SingleChanges } from './single.ts'
import { sweepCommits } from './sweep.ts'
import { installDocumentTemplates } from './templates.ts'

export interface ElasticsearchDocumentsOptions {
  /** A client, which whoever made it closes, or how to make one. */
  readonly connection: Client | ElasticsearchConfig
  readonly clock?: Clock
  /** All names of indices begin with it; `vonggac` by default. */
  readonly prefix?: string
  /** For how long a request is repeated that the server is too busy for, or that does not reach it; 15 s by default. */
  readonly patienceMs?: number
  /** For how long a writer waits for a change that somebody else began and does not decide; 1 s by default. */
  readonly abortAfterMs?: number
}

/** Puts templates and indices in place. Throws `store-failed` with what is wrong where the server cannot be used. */
export async function openElasticsearchDocumentStore(options: ElasticsearchDocumentsOptions): Promise<DocumentStore> {
  const store = new ElasticsearchDocumentStore(options)
  try {
    await store.open()
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

class ElasticsearchDocumentStore implements DocumentStore {
  readonly #client: Client
  readonly #ownsClient: boolean
  readonly #clock: Clock
  readonly #names: DocumentNames
  readonly #patience: { readonly forMs: number }
  readonly #cells: Cells
  readonly #memory = new Memory()
  readonly #searches: Searches
  readonly #kinds: Kinds
  readonly #series: SeriesEntries
  readonly #commits: Commits
  readonly #changes: Changes
  readonly #single: SingleChanges

  constructor({
    connection,
    clock = systemClock,
    prefix = 'vonggac',
    patienceMs = 15_000,
    abortAfterMs = 1_000,
  }: ElasticsearchDocumentsOptions) {
    this.#ownsClient = !(connection instanceof Client)
    this.#client = connection instanceof Client ? connection : connectElasticsearch(connection)
    this.#clock = clock
    this.#names = new DocumentNames(prefix)
    this.#patience = { forMs: patienceMs }
    this.#cells = new Cells(this.#client, this.#names, this.#memory, abortAfterMs)
    this.#searches = new Searches(this.#client, this.#cells)
    this.#kinds = new Kinds(this.#client, this.#names, this.#cells, this.#searches)
    this.#series = new SeriesEntries(this.#cells, this.#searches, this.#names)
    this.#commits = new Commits(this.#client, this.#names, this.#cells, this.#memory, clock, this.#patience)
    this.#changes = new Changes(this.#cells, this.#memory, this.#series, this.#commits, this.#patience)
    this.#single = new SingleChanges(this.#client, this.#cells, this.#memory, this.#patience)
  }

  open(): Promise<void> {
    return this.#patiently('cannot be prepared for documents', async () => {
      await installDocumentTemplates(this.#client, this.#names)
      await sweepCommits(this.#client, this.#names, this.#searches, this.#clock)
    })
  }

  async read<T>(scope: Scope, kind: Kind<T>, id: string): Promise<Versioned<T> | undefined> {
    const [cell] = await this.#patiently('cannot read', () => this.#cells.read([this.#names.document(kind.name, id)]))
    const stored = cell!.source as (StoredDocument & { readonly agency: string }) | undefined
    return stored !== undefined && scopeCovers(scope, stored.agency) ? reviveDocument(kind, stored) : undefined
  }

  async write<T>(scope: Scope, kind: Kind<T>, id: string, value: T, expected: Version | 'new'): Promise<Version> {
    const [result] = await this.writeAll(scope, [toWrite(kind, id, value, expected)])
    if (result !== undefined && 'version' in result) return result.version
    throw expected === 'new' ? alreadyExists(kind.name, id) : conflict(kind.name, id)
  }

  async writeAll(scope: Scope, writes: readonly Write[], entries: readonly Append[] = []): Promise<readonly WriteResult[]> {
    const prepared = writes.map((write) => prepare(this.#names, write))
    return named('cannot write', async () => {
      for (const kind of new Set(writes.map((write) => write.kind))) await this.#adopt(kind)
      if (entries.length === 0) return this.#single.write(scope, prepared)
      return (await this.#changes.run(scope, prepared, entries)).results
    })
  }

  async remove<T>(scope: Scope, kind: Kind<T>, id: string, expected: Version): Promise<void> {
    const place = this.#names.document(kind.name, id)
    return named('cannot remove', () => this.#single.remove(scope, kind, id, place, expected))
  }

  async find<T>(scope: Scope, kind: Kind<T>, where: Expression, page: FindPage): Promise<Page<Versioned<T>>> {
    return this.#searching(kind, (shelf) => find(shelf, scope, where, page))
  }

  async count<T>(scope: Scope, kind: Kind<T>, where: Expression): Promise<number> {
    return this.#searching(kind, (shelf) => count(shelf, scope, where))
  }

  async tally<T>(scope: Scope, kind: Kind<T>, where: Expression, field: string): Promise<ReadonlyMap<Scalar, number>> {
    return this.#searching(kind, (shelf) => tally(shelf, scope, where, field))
  }

  async append<T>(series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Promise<Sequenced<T>> {
    const { appended } = await named('cannot write', () => this.#changes.run(noScope, [], [toAppend(series, build)]))
    return appended[0] as Sequenced<T>
  }

  async entries<T>(
    series: Series<T>,
    range: { readonly after?: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly Sequenced<T>[]> {
    return this.#patiently('cannot read', () => this.#series.read(series, range))
  }

  async lease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const store = { client: this.#client, cells: this.#cells, names: this.#names, clock: this.#clock }
    return this.#patiently('cannot give a lease', () => takeLease(store, name, holder, ttlMs))
  }

  async close(): Promise<void> {
    await this.#changes.finished()
    await this.#commits.close()
    if (this.#ownsClient) await this.#client.close()
  }

  #searching<T, R>(kind: Kind<T>, search: (shelf: { searches: Searches; index: string; kind: Kind<T> }) => Promise<R>): Promise<R> {
    return this.#patiently('cannot search', async () => {
      await this.#kinds.adopt(kind)
      return search({ searches: this.#searches, index: this.#names.documentsOf(kind.name), kind })
    })
  }

  #adopt(kind: Kind<unknown>): Promise<void> {
    return this.#patiently('cannot be prepared for documents', () => this.#kinds.adopt(kind))
  }

  #patiently<R>(what: string, work: () => Promise<R>): Promise<R> {
    return named(what, () => retrying(work, this.#patience))
  }
}

/** Entries belong to nobody; only writes ask for the scope. */
const noScope: Scope = { agency: '', role: 'viewer', tlp: 'TLP:CLEAR', actor: '' }

/** Says what failed where the server did; our own errors, and those of whoever is called back, are left as they are. */
async function named<R>(what: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof errors.ElasticsearchClientError || error instanceof ItemError ? storeFailed(what, error) : error
  }
}
