/** Everything that finds and counts events. A query sees what this process appended before it, each event once. */
import { fields, parseEventId, VonggacError, type FlatEvent, type Page, type Scope } from '@vonggac/contract'
import { always, evaluate, type Expression } from '@vonggac/sigma'
import { z } from 'zod'
import { checkedLimit, readCursor, writeCursor } from '../../cursor.ts'
import type { EventQuery, EventSearch, FieldOrder } from '../../event-store.ts'
import { candidates, conditionOf, decided, undecided, type Condition, type Query } from './condition.ts'
import { fromSource } from './document.ts'
import { numberField, valueField } from './fields.ts'
import type { Reader } from './reader.ts'

/** Documents fetched at once where the reference evaluator has the last word, and by scans. */
const verifiedPage = 500
const scanPage = 1_000

type SortValue = string | number | null
const cursorSchema = z.object({ order: z.string(), values: z.array(z.union([z.string(), z.number(), z.null()])).max(4) })

interface Found {
  readonly event: FlatEvent
  readonly sort: readonly SortValue[]
}

export class Queries {
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  async read(scope: Scope, id: string): Promise<FlatEvent | undefined> {
    const received = parseEventId(id)?.receivedMs
    if (received === undefined) return undefined
    const where: Expression = { field: fields.id, test: { kind: 'equals', value: id, cased: true } }
    const range = { from: new Date(received), to: new Date(received + 1) }
    const { items } = await this.search(scope, { where, range, order: 'newest', limit: 1 })
    return items[0]
  }

  /** The mark of a page is where it ended, ids included: nothing is kept open on the server, and the list goes on after any pause. */
  async search(scope: Scope, search: EventSearch): Promise<Page<FlatEvent>> {
    const limit = checkedLimit(search.limit)
    const order = JSON.stringify(search.order)
    let after = afterOf(search.after, order)
    const sort = sortOf(search.order)
    const found: Found[] = []
    await this.#reader.with(search, async () => {
      const condition = await this.#condition(scope, search)
      if (condition === undefined) return
      const size = condition.exact || condition.where === always ? limit + 1 : Math.max(limit + 1, verifiedPage)
      while (found.length <= limit) {
        const page = await this.#page(condition, { sort, size, after, signal: search.signal })
        for (const hit of page) if (evaluate(search.where, hit.event)) found.push(hit)
        if (page.length < size) return
        after = page.at(-1)!.sort
      }
    })
    const last = found.length > limit ? found[limit - 1] : undefined
    return {
      items: found.slice(0, limit).map(({ event }) => event),
      next: last === undefined ? null : writeCursor({ order, values: last.sort }),
    }
  }

  async count(scope: Scope, query: EventQuery): Promise<number> {
    return this.#reader.with(query, async () => {
      const condition = await this.#condition(scope, query)
      if (condition === undefined) return 0
      if (!condition.exact) return this.#verifiedCount(condition, candidates(condition), query.signal)
      const rest = undecided(condition)
      const [counted, left] = await Promise.all([
        this.#reader.count(condition.index, decided(condition), query.signal),
        rest === undefined ? 0 : this.#reader.count(condition.index, rest, query.signal),
      ])
      return rest === undefined || left === 0 ? counted : counted + (await this.#verifiedCount(condition, rest, query.signal))
    })
  }

  async *scan(scope: Scope, query: EventQuery): AsyncGenerator<Uint8Array> {
    const condition = await this.#reader.with(query, () => this.#condition(scope, query))
    if (condition === undefined) return
    for await (const events of this.#reader.everything(condition.index, candidates(condition), scanPage, query.signal)) {
      const lines = events.filter((event) => evaluate(query.where, event)).map((event) => `${JSON.stringify(event)}\n`)
      if (lines.length > 0) yield Buffer.from(lines.join(''))
    }
  }

  #condition(scope: Scope, query: EventQuery): Promise<Condition | undefined> {
    return this.#reader.surroundings().then((around) => conditionOf(scope, query, around))
  }

  async #verifiedCount({ index, where }: Condition, query: Query, signal: AbortSignal | undefined): Promise<number> {
    let count = 0
    for await (const events of this.#reader.everything(index, query, verifiedPage, signal)) {
      for (const event of events) if (evaluate(where, event)) count++
    }
    return count
  }

  async #page(
    condition: Condition,
    {
      sort,
      size,
      after,
      signal,
    }: { sort: readonly Query[]; size: number; after: readonly SortValue[] | undefined; signal: AbortSignal | undefined },
  ): Promise<readonly Found[]> {
    const hits = await this.#reader.hits(
      { index: condition.index, query: candidates(condition), sort, size, ...(after !== undefined && { search_after: after }) },
      signal,
    )
    return hits.map((hit) => ({ event: fromSource(hit._source), sort: hit.sort }))
  }
}

function afterOf(after: string | undefined, order: string): readonly SortValue[] | undefined {
  if (after === undefined) return undefined
  const cursor = readCursor(cursorSchema, after)
  if (cursor.order === order) return cursor.values
  throw new VonggacError('invalid-request', 'The page mark "after" belongs to a list in another order.')
}

/** Behind every number that can be in a field, and one that JSON gives back as it was: the server's own choice is not. */
const lastLong = 2 ** 53
const lastDouble = Number.MAX_VALUE

function sortOf(order: EventSearch['order']): readonly Query[] {
  if (order === 'newest') return [{ [fields.id]: { order: 'desc', unmapped_type: 'keyword' } }]
  const byArrival: Query = { [fields.id]: { order: 'asc', unmapped_type: 'keyword' } }
  return order === 'oldest' ? [byArrival] : [...byValue(order), byArrival]
}

function byValue({ field, direction }: FieldOrder): readonly Query[] {
  const ascending = direction === 'ascending'
  const order = ascending ? 'asc' : 'desc'
  const last = (value: number) => (ascending ? value : -value)
  const as = valueField(field)
  if (as === undefined) return []
  if (as.kind === 'timestamp') return [{ [field]: { order, missing: last(lastLong), unmapped_type: 'date' } }]
  if (as.kind === 'long') return [{ [field]: { order, missing: last(lastLong), unmapped_type: 'long' } }]
  const text: Query = { [as.name]: { order, missing: '_last', unmapped_type: 'keyword' } }
  if (as.kind !== 'other') return [text]
  return [{ [numberField(field)!]: { order, missing: last(lastDouble), unmapped_type: 'double' } }, text]
}
