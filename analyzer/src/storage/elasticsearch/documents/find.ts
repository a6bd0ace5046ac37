import { everyAgency, VonggacError, type Page, type Scalar, type Scope } from '@vonggac/contract'
import { evaluate, type Expression } from '@vonggac/sigma'
import { z } from 'zod'
import { checkedLimit, readCursor, writeCursor } from '../../cursor.ts'
import { reviveDocument, type StoredDocument } from '../../document-checks.ts'
import { checkOrder, indexFields, indexRecord, valuesOf } from '../../document-index.ts'
import type { FindPage, Kind, Versioned } from '../../document-store.ts'
import { toCondition } from './condition.ts'
import { fieldPath } from './fields.ts'
import type { SearchBody, Searches } from './search.ts'

/** Where the documents of a kind are, and how they are searched. */
export interface Shelf<T> {
  readonly searches: Searches
  readonly index: string
  readonly kind: Kind<T>
}

/** Documents read at once where the reference evaluator has the last word: more would hold the thread. */
const chunk = 200
/** Values counted in one request. */
const tallied = 1_000

const place = z.object({ field: z.string(), key: z.string(), id: z.string() })

interface Listed<T> {
  readonly document: Versioned<T>
  /** What follows it in the order. */
  readonly after: readonly [key: string, id: string]
}

export async function find<T>(shelf: Shelf<T>, scope: Scope, where: Expression, page: FindPage): Promise<Page<Versioned<T>>> {
  const limit = checkedLimit(page.limit)
  const listed: Listed<T>[] = []
  for await (const each of walk(shelf, scope, where, page, limit + 1)) {
    listed.push(each)
    if (listed.length > limit) break
  }
  const last = listed.length > limit ? listed[limit - 1] : undefined
  return {
    items: listed.slice(0, limit).map(({ document }) => document),
    next: last === undefined ? null : writeCursor({ field: page.orderBy, key: last.after[0], id: last.after[1] }),
  }
}

export async function count<T>(shelf: Shelf<T>, scope: Scope, where: Expression): Promise<number> {
  const { query, exact } = toCondition(where, indexFields(shelf.kind))
  if (!exact) return countOf(walk(shelf, scope, where, byId, chunk))
  const counting = { size: 0, track_total_hits: true }
  const [short, long] = await shelf.searches.search(shelf.index, [
    { query: bool(scope, [query], [isLong]), ...counting },
    { query: bool(scope, [isLong]), ...counting },
  ])
  const surely = total(short!)
  return total(long!) === 0 ? surely : surely + (await countOf(walk(shelf, scope, where, byId, chunk, [isLong])))
}

export async function tally<T>(shelf: Shelf<T>, scope: Scope, where: Expression, field: string): Promise<ReadonlyMap<Scalar, number>> {
  const { kind } = shelf
  checkOrder(kind, field)
  const { query, exact } = toCondition(where, indexFields(kind))
  const counts = new Map<Scalar, number>()
  const add = (value: Scalar, by: number) => counts.set(value, (counts.get(value) ?? 0) + by)
  if (exact) for await (const { scalar, documents } of valuesCounted(shelf, bool(scope, [query], [isLong]), field)) add(scalar, documents)
  for await (const { document } of walk(shelf, scope, where, byId, chunk, exact ? [isLong] : [])) {
    for (const value of new Set(valuesOf(indexRecord(kind, document.id, document.value)[field]))) add(value, 1)
  }
  return counts
}

async function* valuesCounted<T>(
  { searches, index }: Shelf<T>,
  query: object,
  field: string,
): AsyncGenerator<{ readonly scalar: Scalar; readonly documents: number }> {
  for (let after: object | undefined; ;) {
    const sources = [{ value: { terms: { field: fieldPath(field, 'scalar') } } }]
    const body = { query, size: 0, aggs: { values: { composite: { size: tallied, sources, ...(after && { after }) } } } }
    const [answer] = await searches.search(index, [body])
    const values = answer!.aggregations?.['values'] as Composite
    for (const { key, doc_count: documents } of values.buckets) yield { scalar: JSON.parse(key.value) as Scalar, documents }
    after = values.after_key
    if (after === undefined || values.buckets.length < tallied) return
  }
}

interface Composite {
  readonly buckets: readonly { readonly key: { readonly value: string }; readonly doc_count: number }[]
  readonly after_key?: object
}

const byId: Omit<FindPage, 'limit'> = { orderBy: 'id', direction: 'ascending' }
const isLong = { exists: { field: 'long' } }
const isThere = { exists: { field: 'version' } }

/** The documents that satisfy the expression, and the filters besides, in order, read in portions. */
async function* walk<T>(
  { searches, index, kind }: Shelf<T>,
  scope: Scope,
  where: Expression,
  page: Omit<FindPage, 'limit'>,
  portion: number,
  filters: readonly object[] = [],
): AsyncGenerator<Listed<T>> {
  checkOrder(kind, page.orderBy)
  const { query, exact } = toCondition(where, indexFields(kind))
  const direction = page.direction === 'ascending' ? 'asc' : 'desc'
  const size = exact ? portion : chunk
  const body: SearchBody = {
    query: bool(scope, [{ bool: { should: [query, isLong], minimum_should_match: 1 } }, ...filters]),
    sort: [{ [fieldPath(page.orderBy, 'order')]: direction }, { id: direction }],
    size,
    track_total_hits: false,
    _source: ['id', 'version', 'body', 'long'],
  }
  let after = page.after === undefined ? undefined : cursorPlace(page.after, page.orderBy)
  for (;;) {
    const [answer] = await searches.search(index, [{ ...body, ...(after && { search_after: after }) }])
    const { hits } = answer!.hits
    for (const hit of hits) {
      const stored = hit._source as unknown as StoredDocument & { readonly long?: unknown }
      const document = reviveDocument(kind, stored)
      after = hit.sort as unknown as [string, string]
      const isSure = exact && stored.long === undefined
      if (isSure || evaluate(where, indexRecord(kind, document.id, document.value))) yield { document, after }
    }
    if (hits.length < size) return
  }
}

function bool({ agency }: Scope, filter: readonly object[], mustNot: readonly object[] = []): object {
  const own = agency === everyAgency ? [] : [{ term: { agency } }]
  return { bool: { filter: [isThere, ...own, ...filter], must_not: mustNot } }
}

function total({ hits }: { readonly hits: { readonly total?: unknown } }): number {
  return (hits.total as { readonly value: number }).value
}

async function countOf(documents: AsyncIterable<unknown>): Promise<number> {
  let found = 0
  for await (const _ of documents) found++
  return found
}

function cursorPlace(after: string, orderBy: string): [string, string] {
  const { field, key, id } = readCursor(place, after)
  if (field !== orderBy) throw new VonggacError('invalid-request', 'The page mark "after" belongs to a list in another order.')
  return [key, id]
}
