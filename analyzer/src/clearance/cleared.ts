import { mayRead, say, tlpLabels, VonggacError, type Page, type Scalar, type Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import {
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
} from '../storage/document-store.ts'

/**
 * A document store that heeds sharing labels: what is marked beyond the scope's clearance does not exist for the caller, is not counted either, and writing it,
 * or marking something so, is refused with `forbidden`. Kinds without `tlp` have no labels.
 */
export function cleared(store: DocumentStore): DocumentStore {
  return new ClearedDocuments(store)
}

class ClearedDocuments implements DocumentStore {
  readonly #store: DocumentStore

  constructor(store: DocumentStore) {
    this.#store = store
  }

  async read<T>(scope: Scope, kind: Kind<T>, id: string): Promise<Versioned<T> | undefined> {
    const found = await this.#store.read(scope, kind, id)
    return found !== undefined && isCleared(scope, kind, found.value) ? found : undefined
  }

  async write<T>(scope: Scope, kind: Kind<T>, id: string, value: T, expected: Version | 'new'): Promise<Version> {
    await this.#check(scope, [toWrite(kind, id, value, expected)])
    return this.#store.write(scope, kind, id, value, expected)
  }

  async writeAll(scope: Scope, writes: readonly Write[], entries?: readonly Append[]): Promise<readonly WriteResult[]> {
    await this.#check(scope, writes)
    return this.#store.writeAll(scope, writes, entries)
  }

  async remove<T>(scope: Scope, kind: Kind<T>, id: string, expected: Version): Promise<void> {
    if (isLimited(scope, kind)) await this.#checkPresent(scope, kind, id)
    return this.#store.remove(scope, kind, id, expected)
  }

  find<T>(scope: Scope, kind: Kind<T>, where: Expression, page: FindPage): Promise<Page<Versioned<T>>> {
    return this.#store.find(scope, kind, within(scope, kind, where), page)
  }

  count<T>(scope: Scope, kind: Kind<T>, where: Expression): Promise<number> {
    return this.#store.count(scope, kind, within(scope, kind, where))
  }

  tally<T>(scope: Scope, kind: Kind<T>, where: Expression, field: string): Promise<ReadonlyMap<Scalar, number>> {
    return this.#store.tally(scope, kind, within(scope, kind, where), field)
  }

  append<T>(series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Promise<Sequenced<T>> {
    return this.#store.append(series, build)
  }

  entries<T>(
    series: Series<T>,
    range: { readonly after?: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly Sequenced<T>[]> {
    return this.#store.entries(series, range)
  }

  lease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.#store.lease(name, holder, ttlMs)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #check(scope: Scope, writes: readonly Write[]): Promise<void> {
    for (const { kind, id, value } of writes) {
      if (!isLimited(scope, kind)) continue
      if (!isCleared(scope, kind, value)) throw beyond(scope)
      await this.#checkPresent(scope, kind, id)
    }
  }

  /** Between this and the write somebody may mark the document: then its version is another than the one that the writer has read. */
  async #checkPresent<T>(scope: Scope, kind: Kind<T>, id: string): Promise<void> {
    const present = await this.#store.read(scope, kind, id)
    if (present !== undefined && !isCleared(scope, kind, present.value)) throw beyond(scope)
  }
}

/** Most scopes are cleared for everything. */
function isLimited<T>(scope: Scope, { tlp }: Kind<T>): boolean {
  return tlp !== undefined && scope.tlp !== tlpLabels.at(-1)
}

function isCleared<T>(scope: Scope, { tlp }: Kind<T>, value: T): boolean {
  return tlp === undefined || mayRead(scope, tlp(value))
}

function within<T>(scope: Scope, kind: Kind<T>, where: Expression): Expression {
  if (!isLimited(scope, kind)) return where
  const labels = tlpLabels.filter((label) => mayRead(scope, label))
  return { all: [where, { any: labels.map((value) => ({ field: 'tlp', test: { kind: 'equals', value } })) }] }
}

function beyond({ tlp }: Scope): VonggacError {
  return new VonggacError('forbidden', say('label-beyond-clearance', { clearance: tlp }))
}
