import { scopeCovers, type Scope } from '@vonggac/contract'
import { checkId, entryBody, foreign, reviveEntry, type StoredEntry } from '../../document-checks.ts'
import type { Append, Sequenced, Write, WriteResult } from '../../document-store.ts'
import type { Change } from './commits.ts'
import { documentSource } from './fields.ts'
import { keyOf, type DocumentNames, type Place } from './names.ts'
import type { Cell, Source } from './replace.ts'
import type { Tail } from './series.ts'

/** A write whose value was checked. */
export interface Prepared {
  readonly place: Place
  readonly write: Write
  readonly source: Source
}

/** Throws where the id or the value is refused. */
export function prepare(names: DocumentNames, write: Write): Prepared {
  checkId(write.kind.name, write.id)
  return { place: names.document(write.kind.name, write.id), write, source: documentSource(write.kind, write.id, write.value) }
}

/** Throws `forbidden` where the write is outside the scope; `present` is what is committed at its place. */
export function checkScope(scope: Scope, prepared: Prepared, present: Source | undefined): void {
  const { kind, id } = prepared.write
  if (!isWithin(scope, prepared, present)) throw foreign(kind.name, id)
}

/** As `checkScope`, without throwing. */
export function isWithin(scope: Scope, { source }: Prepared, present: Source | undefined): boolean {
  const owner = source['agency'] as string
  return scopeCovers(scope, owner) && scopeCovers(scope, (present?.['agency'] as string | undefined) ?? owner)
}

/** What stands after the write; undefined where it conflicts. */
export function written({ write: { expected }, source }: Prepared, present: Source | undefined): Source | undefined {
  const version = present?.['version'] as number | undefined
  return (version ?? 'new') === expected ? { ...source, version: (version ?? 0) + 1 } : undefined
}

export function resultOf(next: Source | undefined): WriteResult {
  return next === undefined ? { conflict: true } : { version: next['version'] as number }
}

/** Changes upon what was read, in memory, until they are carried out together. */
export class Draft {
  readonly #cells: ReadonlyMap<string, Cell>
  readonly #tails: ReadonlyMap<string, Tail>
  readonly #documents: Map<string, Change>
  readonly #entries: Map<string, readonly (Change & { readonly entry: StoredEntry })[]>

  constructor(cells: ReadonlyMap<string, Cell>, tails: ReadonlyMap<string, Tail>, before?: Draft) {
    this.#cells = cells
    this.#tails = tails
    this.#documents = new Map(before ? before.#documents : [])
    this.#entries = new Map(before ? before.#entries : [])
  }

  /** One with the same changes, to go on with or to drop. */
  fork(): Draft {
    return new Draft(this.#cells, this.#tails, this)
  }

  /** The last entries that the series will have. */
  get lastEntries(): ReadonlyMap<string, StoredEntry> {
    return new Map([...this.#entries].flatMap(([series, added]) => added.slice(-1).map(({ entry }) => [series, entry] as const)))
  }

  get changes(): Change[] {
    return [...this.#documents.values(), ...[...this.#entries.values()].flat()]
  }

  write(scope: Scope, prepared: Prepared): WriteResult {
    const key = keyOf(prepared.place)
    const cell = this.#cells.get(key)!
    const present = this.#documents.get(key)?.next ?? cell.source
    checkScope(scope, prepared, present)
    const next = written(prepared, present)
    if (next !== undefined) this.#documents.set(key, { cell, next })
    return resultOf(next)
  }

  append({ series, build }: Append): Sequenced<unknown> {
    const { last, free } = this.#tails.get(series.name)!
    const added = this.#entries.get(series.name) ?? []
    const before = added.at(-1)?.entry ?? last
    const sequence = (before?.sequence ?? 0) + 1
    const entry = build(before && reviveEntry(series, before))
    const stored: StoredEntry = { sequence, body: entryBody(series, entry) }
    const change = { cell: free[added.length]!, next: { series: series.name, ...stored }, entry: stored }
    this.#entries.set(series.name, [...added, change])
    return { sequence, entry }
  }
}
