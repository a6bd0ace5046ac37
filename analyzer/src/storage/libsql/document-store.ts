import type { Page, Scalar, Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../platform/clock.ts'
import { alreadyExists, conflict } from '../document-checks.ts'
import { indexFields } from '../document-index.ts'
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
} from '../document-store.ts'
import { Connection, storeFailed } from './connection.ts'
import { adoptKind, readDocument, removeDocument, writeDocument } from './documents.ts'
import { count, find, tally } from './find.ts'
import { GroupCommit } from './group-commit.ts'
import { takeLease } from './leases.ts'
import { appendEntry, readEntries } from './series.ts'

export interface LibsqlOptions {
  /** Made where it is missing; holds `documents.db`. Undefined: in memory, gone when closed. */
  readonly folder: string | undefined
  readonly clock?: Clock
}

/** Throws `store-failed` where the folder cannot be written or the file not be opened. */
export function openLibsqlDocumentStore({ folder, clock = systemClock }: LibsqlOptions): DocumentStore {
  return new LibsqlDocumentStore(new Connection(fileIn(folder)), clock)
}

function fileIn(folder: string | undefined): string {
  if (folder === undefined) return ':memory:'
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw storeFailed(`cannot make the folder ${folder}`, error)
  }
  return join(folder, 'documents.db')
}

class LibsqlDocumentStore implements DocumentStore {
  readonly #connection: Connection
  readonly #commits: GroupCommit
  readonly #clock: Clock
  readonly #adopted = new Set<unknown>()

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#commits = new GroupCommit(connection)
    this.#clock = clock
  }

  async read<T>(scope: Scope, kind: Kind<T>, id: string): Promise<Versioned<T> | undefined> {
    return readDocument(this.#connection, scope, kind, id)
  }

  async write<T>(scope: Scope, kind: Kind<T>, id: string, value: T, expected: Version | 'new'): Promise<Version> {
    const [result] = await this.writeAll(scope, [toWrite(kind, id, value, expected)])
    if (result !== undefined && 'version' in result) return result.version
    if (expected !== 'new') throw conflict(kind.name, id)
    throw alreadyExists(kind.name, id)
  }

  async writeAll(scope: Scope, writes: readonly Write[], entries: readonly Append[] = []): Promise<readonly WriteResult[]> {
    for (const { kind } of writes) this.#adopt(kind)
    const work = () => {
      const results = writes.map((write) => writeDocument(this.#connection, scope, write))
      if (entries.length > 0 && results.some((result) => 'conflict' in result)) throw new Undone(results)
      for (const { series, build } of entries) appendEntry(this.#connection, series, build)
      return results
    }
    return this.#commits.run(work).catch((error: unknown) => {
      if (error instanceof Undone) return error.results
      throw error
    })
  }

  async remove<T>(scope: Scope, kind: Kind<T>, id: string, expected: Version): Promise<void> {
    return this.#commits.run(() => removeDocument(this.#connection, scope, kind.name, id, expected))
  }

  async find<T>(scope: Scope, kind: Kind<T>, where: Expression, page: FindPage): Promise<Page<Versioned<T>>> {
    this.#adopt(kind)
    return find(this.#connection, scope, kind, where, page)
  }

  async count<T>(scope: Scope, kind: Kind<T>, where: Expression): Promise<number> {
    this.#adopt(kind)
    return count(this.#connection, scope, kind, where)
  }

  async tally<T>(scope: Scope, kind: Kind<T>, where: Expression, field: string): Promise<ReadonlyMap<Scalar, number>> {
    this.#adopt(kind)
    return tally(this.#connection, scope, kind, where, field)
  }

  async append<T>(series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Promise<Sequenced<T>> {
    return this.#commits.run(() => appendEntry(this.#connection, series, build))
  }

  async entries<T>(
    series: Series<T>,
    range: { readonly after?: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly Sequenced<T>[]> {
    return readEntries(this.#connection, series, range)
  }

  async lease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.#commits.run(() => takeLease(this.#connection, name, holder, ttlMs, this.#clock.now()))
  }

  async close(): Promise<void> {
    await this.#commits.close()
    this.#connection.close()
  }

  /** Before a kind is first used: its index may have grown since its documents were written. */
  #adopt<T>(kind: Kind<T>): void {
    if (this.#adopted.has(kind)) return
    adoptKind(this.#connection, kind, indexFields(kind))
    this.#adopted.add(kind)
  }
}

/** Takes writes back that were to be all or nothing. */
class Undone extends Error {
  readonly results: readonly WriteResult[]
  constructor(results: readonly WriteResult[]) {
    super('a write conflicts')
    this.results = results
  }
}
