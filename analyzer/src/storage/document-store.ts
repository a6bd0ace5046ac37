import type { AgencyId, Page, Scalar, Scope, Tlp } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { z } from 'zod'

/** A kind of document: how it is validated on the way out, to whom it belongs, what it can be found by. */
export interface Kind<T> {
  /** Kebab-case, such as `alert`. */
  readonly name: string
  readonly schema: z.ZodType<T>
  readonly agency: (value: T) => AgencyId
  /** The sharing label, which is then also the index field `tlp` (clearance/). */
  readonly tlp?: (value: T) => Tlp
  /** Fields for `find`, by name; an array is found by any member. Times as ISO text, which sorts. */
  readonly index: Readonly<Record<string, (value: T) => Scalar | readonly Scalar[] | undefined>>
}

/** Counts from 1 with each write. */
export type Version = number

export interface Versioned<T> {
  readonly id: string
  readonly version: Version
  readonly value: T
}

export interface FindPage {
  /** An index field with one value a document; `id` is always there. Ties are broken by id. */
  readonly orderBy: string
  readonly direction: 'ascending' | 'descending'
  /** 1 to 1,000. */
  readonly limit: number
  readonly after?: string
}

/** A gapless sequence of entries, for the audit chain. Sequences count from 1. */
export interface Series<T> {
  readonly name: string
  readonly schema: z.ZodType<T>
}

export interface Sequenced<T> {
  readonly sequence: number
  readonly entry: T
}

export interface Write<T = unknown> {
  readonly kind: Kind<T>
  readonly id: string
  readonly value: T
  readonly expected: Version | 'new'
}

/** A write among those of other kinds: a list of them has no type parameter of its own. */
export function toWrite<T>(kind: Kind<T>, id: string, value: T, expected: Version | 'new'): Write {
  return { kind: kind as unknown as Kind<unknown>, id, value, expected }
}

/** An entry to be appended together with writes. */
export interface Append<T = unknown> {
  readonly series: Series<T>
  /** As for `append`. */
  readonly build: (last: Sequenced<T> | undefined) => T
}

/** An entry among those of other series: as `toWrite`. */
export function toAppend<T>(series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Append {
  return { series, build } as unknown as Append
}

export type WriteResult = { readonly version: Version } | { readonly conflict: true }

export interface Lease {
  readonly name: string
  readonly holder: string
  /** Grows each time the lease changes hands: a write carrying an older token comes from somebody who lost it. */
  readonly token: number
  readonly expiresAt: Date
}

/**
 * Alerts, cases, users, ledger, audit: versioned documents with optimistic concurrency. Adapters are held to one contract suite
 * (document-store.contract.ts). Documents outside the scope do not exist for the caller; writing one is refused with `forbidden`.
 */
export interface DocumentStore {
  read<T>(scope: Scope, kind: Kind<T>, id: string): Promise<Versioned<T> | undefined>
  /** Throws `conflict` when the version is not the expected one, `already-exists` when `'new'` was expected and there is one. */
  write<T>(scope: Scope, kind: Kind<T>, id: string, value: T, expected: Version | 'new'): Promise<Version>
  /**
   * Many writes at the cost of one durable commit; each succeeds or conflicts by itself, in the order given.
   * With `entries` it is all or nothing: they are appended in the same commit, and where one write conflicts nothing is written.
   */
  writeAll(scope: Scope, writes: readonly Write[], entries?: readonly Append[]): Promise<readonly WriteResult[]>
  remove<T>(scope: Scope, kind: Kind<T>, id: string, expected: Version): Promise<void>
  /** The IR's predicates over the kind's index fields; a field that is not in the index is an `invalid-request`. */
  find<T>(scope: Scope, kind: Kind<T>, where: Expression, page: FindPage): Promise<Page<Versioned<T>>>
  count<T>(scope: Scope, kind: Kind<T>, where: Expression): Promise<number>
  /** Documents by the value of an index field. */
  tally<T>(scope: Scope, kind: Kind<T>, where: Expression, field: string): Promise<ReadonlyMap<Scalar, number>>
  /** `build` is given the last entry and makes the next one; it may be called again when somebody else was faster. */
  append<T>(series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Promise<Sequenced<T>>
  /** Entries with a sequence above `after`, ascending; or below `before`, descending. */
  entries<T>(
    series: Series<T>,
    range: { readonly after?: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly Sequenced<T>[]>
  lease(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>
  close(): Promise<void>
}
