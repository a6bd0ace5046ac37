import { fields, parseEventId, VonggacError, type FieldName, type FlatEvent, type Page, type Scope } from '@vonggac/contract'
import { always, type Expression } from '@vonggac/sigma'
import { z } from 'zod'
import { checkedLimit, readCursor, writeCursor } from '../cursor.ts'
import type { Aggregation, Bucket, EventQuery, EventSearch, Explanation, Measure } from '../event-store.ts'
import { mergeBuckets } from './aggregate.ts'
import { Asking } from './asking.ts'
import { rowCondition, spanOf } from './condition.ts'
import type { Contents } from './contents.ts'
import type { Engine } from './engine/engine.ts'
import { fieldNames } from './field-names.ts'
import { Gate } from './gate.ts'
import { measure } from './measure.ts'
import { pageByField } from './ordered.ts'
import { pageById } from './page.ts'
import { explanation, Plan } from './plan.ts'
import { wholeWindow, windowsOf, type Window } from './scan.ts'
import { Signatures } from './signatures.ts'
import type { Selection, Source, Sources } from './sources.ts'
import { tally } from './tally.ts'

/** Of one search, or of one page of a scan. */
const timeoutMs = 30_000
/** Events of a scan that are fetched at once. */
const scanPage = 4_000
/** A list of terms is held in memory, and so are the parts of a histogram. */
const mostTerms = 10_000
const mostFieldNames = 4_000

const orderSchema = z.union([z.enum(['newest', 'oldest']), z.object({ field: z.string(), direction: z.enum(['ascending', 'descending']) })])
const cursorSchema = z.object({ id: z.string(), number: z.number().nullable(), text: z.string().nullable(), order: orderSchema })
type Cursor = z.infer<typeof cursorSchema>

/** Everything that reads events. A query sees what was appended before it began, each event once. */
export class Queries {
  readonly #engine: Engine
  readonly #sources: Sources
  readonly #signatures = new Signatures()
  readonly #gate = new Gate(4, 64)

  constructor(engine: Engine, sources: Sources) {
    this.#engine = engine
    this.#sources = sources
  }

  async read(scope: Scope, eventId: string): Promise<FlatEvent | undefined> {
    const received = parseEventId(eventId)?.receivedMs
    if (received === undefined) return undefined
    const byId: Expression = { field: fields.id, test: { kind: 'equals', value: eventId, cased: true } }
    const range = { from: new Date(received), to: new Date(received + 1) }
    const page = await this.search(scope, { where: byId, range, order: 'newest', limit: 1 })
    return page.items[0]
  }

  async search(scope: Scope, search: EventSearch): Promise<Page<FlatEvent>> {
    const limit = checkedLimit(search.limit)
    const { order } = search
    const after = afterPlace(search)
    const found = await this.#with(scope, search, async (asking) => {
      if (typeof order === 'object') return pageByField(asking, order, limit + 1, after)
      const events = await pageById(asking, order, limit + 1, after?.id)
      return events.map(({ id, json }) => ({ place: { id, number: null, text: null }, json }))
    })
    const last = found.length > limit ? found[limit - 1] : undefined
    return {
      items: found.slice(0, limit).map(({ json }) => JSON.parse(json) as FlatEvent),
      next: last === undefined ? null : writeCursor({ ...last.place, order } satisfies Cursor),
    }
  }

  async count(scope: Scope, query: EventQuery): Promise<number> {
    const tallied = await this.#with(scope, query, (asking) => tally(asking, null))
    return tallied.reduce((sum, { count }) => sum + count, 0)
  }

  async aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]> {
    checkAggregation(by)
    return mergeBuckets(await this.#with(scope, query, (asking) => tally(asking, by)), by)
  }

  measure(scope: Scope, query: EventQuery, field: FieldName): Promise<Measure> {
    return this.#with(scope, query, (asking) => measure(asking, field))
  }

  fieldNames(scope: Scope, query: Omit<EventQuery, 'where'>): Promise<readonly FieldName[]> {
    return this.#with(scope, { ...query, where: always }, (asking) => fieldNames(asking, scope, this.#signatures, mostFieldNames))
  }

  async explain(scope: Scope, query: EventQuery): Promise<Explanation> {
    const span = spanOf(query, this.#sources.hidden)
    const plan = planFor(scope, query, span)
    const explain = () =>
      this.#use(plan, async (sources, selection) => {
        const asking = this.#asking(scope, query, plan, span, sources, selection)
        return explanation(this.#sources.all, plan.ruledOut, selection, sources, asking.verified(sources) !== null)
      })
    return this.#gate.pass(explain, query.signal)
  }

  /** Each page stands for itself, so that a slow reader keeps nothing from being cleared away. */
  async *scan(scope: Scope, query: EventQuery): AsyncGenerator<Uint8Array> {
    if (query.where === always) return yield* this.#scanWhole(scope, query)
    for (let after: string | undefined; ;) {
      const found = await this.#with(scope, query, (asking) => pageById(asking, 'oldest', scanPage, after))
      if (found.length > 0) yield ndjson(found)
      if (found.length < scanPage) return
      after = found.at(-1)!.id
    }
  }

  async *#scanWhole(scope: Scope, query: EventQuery): AsyncGenerator<Uint8Array> {
    const windows = await this.#with(scope, query, async ({ sources, span }) =>
      span.clock === 'received' ? windowsOf(sources).flatMap((window) => within(window, span.from, span.to - 1)) : windowsOf(sources),
    )
    for (const window of windows) {
      const found = await this.#with(scope, query, (asking) => wholeWindow(asking, window))
      if (found.length > 0) yield ndjson(found)
    }
  }

  async #with<T>(scope: Scope, query: Omit<EventQuery, 'limit'>, work: (asking: Asking) => Promise<T>): Promise<T> {
    const pass = async () => {
      const span = spanOf(query, this.#sources.hidden)
      const plan = planFor(scope, query, span)
      return this.#use(plan, (sources, selection) => work(this.#asking(scope, query, plan, span, sources, selection)))
    }
    return this.#gate.pass(pass, query.signal)
  }

  #use<T>(plan: Plan, work: (sources: readonly Source[], selection: Selection) => Promise<T>): Promise<T> {
    const wanted = (contents: Contents) => plan.ruledOut(contents) === undefined
    return this.#sources.use(wanted, (sources) => plan.narrow(sources, this.#signatures), work)
  }

  #asking(
    scope: Scope,
    { where, signal }: EventQuery,
    { wanted }: Plan,
    span: Asking['span'],
    sources: readonly Source[],
    selection: Selection,
  ): Asking {
    const condition = rowCondition(scope, where, span)
    return new Asking({ engine: this.#engine, sources, selection, condition, where, wanted, span, timeoutMs, signal })
  }
}

function planFor(scope: Scope, { where }: EventQuery, span: Asking['span']): Plan {
  // It refuses what the plan does not look at, with the reason for people.
  rowCondition(scope, where, span)
  return new Plan(scope, where, span)
}

function within({ from, to }: Window, first: number, last: number): Window[] {
  const [start, end] = [Math.max(from, first), Math.min(to, last)]
  return start <= end ? [{ from: start, to: end }] : []
}

function ndjson(events: readonly { readonly json: string }[]): Uint8Array {
  return Buffer.from(events.map(({ json }) => `${json}\n`).join(''))
}

function afterPlace({ after, order }: EventSearch): Cursor | undefined {
  if (after === undefined) return undefined
  const cursor = readCursor(cursorSchema, after)
  if (JSON.stringify(cursor.order) === JSON.stringify(orderSchema.parse(order))) return cursor
  throw new VonggacError('invalid-request', 'The page mark "after" belongs to a list in another order.')
}

function checkAggregation(by: Aggregation): void {
  const [number, most] = by.by === 'time' ? [by.bucketSeconds, 31_536_000] : [by.size, mostTerms]
  if (Number.isInteger(number) && number >= 1 && number <= most) return
  throw new VonggacError('invalid-request', `A bucket has 1 to 31536000 seconds, and a list of terms 1 to ${mostTerms} entries.`)
}
