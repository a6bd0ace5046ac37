import { fields, parseEventId, VonggacError, type FlatEvent, type Page, type Scope } from '@vonggac/contract'
import { always, type Expression } from '@vonggac/sigma'
import { z } from 'zod'
import { checkedLimit, readCursor, writeCursor } from '../cursor.ts'
import type { Aggregation, Bucket, EventQuery, EventSearch } from '../event-store.ts'
import { aggregateStatements, mergeBuckets } from './aggregate.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import { rowCondition, spanOf, type RowCondition } from './condition.ts'
import type { Engine } from './engine/engine.ts'
import type { EventRows, Tallied } from './engine/protocol.ts'
import { Gate } from './gate.ts'
import { fromSources, mayContain, type Source, type Sources } from './sources.ts'

const timeoutMs = 30_000
const scanPage = 2_000
/** Sources read by one statement: each has its buffers. */
const widest = 32
/** Rows fetched at once where the reference evaluator has the last word. */
const verifiedPage = 500
const id = quotedName(fields.id)

interface Ask {
  readonly condition: RowCondition
  readonly where: Expression
}

const cursorSchema = z.object({ id: z.string(), order: z.enum(['newest', 'oldest']) })

/** Everything that reads events. A query sees what was appended before it began, each event once. */
export class Queries {
  readonly #engine: Engine
  readonly #sources: Sources
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
    const found = await this.#page(scope, search, limit + 1, afterId(search))
    const last = found.length > limit ? found[limit - 1] : undefined
    return {
      items: found.slice(0, limit).map(({ json }) => toEvent(json)),
      next: last === undefined ? null : writeCursor({ id: last.id, order: search.order }),
    }
  }

  async *scan(scope: Scope, query: EventQuery): AsyncGenerator<Uint8Array> {
    for (let after: string | undefined; ;) {
      const found = await this.#page(scope, { ...query, order: 'oldest' }, scanPage, after)
      if (found.length > 0) yield Buffer.from(found.map(({ json }) => `${json}\n`).join(''))
      if (found.length < scanPage) return
      after = found.at(-1)!.id
    }
  }

  async count(scope: Scope, query: EventQuery): Promise<number> {
    const tallied = await this.#tally(scope, query, null)
    return tallied.reduce((sum, { count }) => sum + count, 0)
  }

  async aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]> {
    checkAggregation(by)
    return mergeBuckets(await this.#tally(scope, query, by), by)
  }

  /** Walks the sources in the order of their ids, a growing number at a time, until no other can hold an earlier event of the page. */
  async #page(scope: Scope, search: Omit<EventSearch, 'limit'>, wanted: number, after: string | undefined): Promise<EventRows['events']> {
    const newest = search.order === 'newest'
    const before = (a: string, b: string) => (newest ? a > b : a < b)
    const edge = (source: Source) => (newest ? source.contents.last : source.contents.first)
    return this.#with(scope, search, async (ask, all) => {
      const left = all
        .filter(({ contents }) => after === undefined || before(after, newest ? contents.first : contents.last))
        .toSorted((a, b) => (before(edge(a), edge(b)) ? -1 : 1))
      let found: EventRows['events'] = []
      for (let width = 2; left.length > 0; width = Math.min(width * 2, widest)) {
        const last = found[wanted - 1]
        if (last !== undefined && !before(edge(left[0]!), last.id)) break
        const more = await this.#pageOf(left.splice(0, width), ask, newest ? 'newest' : 'oldest', wanted, after)
        found = [...found, ...more].toSorted((a, b) => (before(a.id, b.id) ? -1 : 1)).slice(0, wanted)
      }
      return found
    })
  }

  /** First the ids, from the few columns that decide; then the whole rows of those alone. */
  async #pageOf(sources: readonly Source[], ask: Ask, order: 'newest' | 'oldest', wanted: number, after: string | undefined) {
    const { condition, where } = ask
    const found: EventRows['events'][number][] = []
    const verify = this.#mustVerify(ask, sources) ? where : null
    const size = verify === null ? wanted : Math.max(wanted, verifiedPage)
    const [beyond, way] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC']
    for (let from = after; found.length < wanted;) {
      const parameters = from === undefined ? condition.parameters : [...condition.parameters, from]
      const rest = from === undefined ? '' : ` AND ${id} ${beyond} $${parameters.length}`
      const sql = `SELECT ${id} FROM ${fromSources(sources)} WHERE ${condition.base}${rest} AND ${candidates(condition)} ORDER BY ${id} ${way} LIMIT ${size}`
      const ids = (await this.#engine.ask('rows', { sql, parameters }, timeoutMs)).map(([value]) => String(value))
      if (ids.length > 0) found.push(...(await this.#whole(sources, ids, way, verify)))
      if (ids.length < size) break
      from = ids.at(-1)
    }
    return found.slice(0, wanted)
  }

  async #whole(sources: readonly Source[], ids: readonly string[], way: string, verify: Expression | null): Promise<EventRows['events']> {
    const holders = sources.filter(({ contents }) => ids.some((each) => each >= contents.first && each <= contents.last))
    const times = ids.map((each) => parseEventId(each)?.receivedMs ?? 0)
    const within = `${ownColumns.received} BETWEEN ${Math.min(...times)} AND ${Math.max(...times)}`
    const sql = `SELECT * FROM ${fromSources(holders)} WHERE ${within} AND ${id} IN (${ids.map(quotedText).join(', ')}) ORDER BY ${id} ${way}`
    return (await this.#engine.ask('events', { sql, parameters: [], verify }, timeoutMs)).events
  }

  /** SQL counts what it can decide; the rest is counted event by event. */
  async #tally(scope: Scope, query: EventQuery, by: Aggregation | null): Promise<readonly Tallied[]> {
    return this.#with(scope, query, async (ask, sources) => {
      if (sources.length === 0) return []
      const { condition, where } = ask
      const from = `FROM ${fromSources(sources)} WHERE ${condition.base}`
      const { parameters, baseParameters } = condition
      const wholeRows = (rows: string, bound: RowCondition['parameters']) =>
        this.#engine.ask('tally', { sql: `SELECT * ${from} AND ${rows}`, parameters: bound, verify: where, by }, timeoutMs)
      if (!condition.exact) return wholeRows(candidates(condition), parameters)
      const undecided = this.#mustVerify(ask, sources) || (by !== null && hasOdd(sources))
      const decided = `${from} AND ${condition.wanted}${undecided ? ` AND ${condition.odd} IS NOT TRUE` : ''}`
      const statements = aggregateStatements(decided, parameters, by, undecided)
      const answers = await Promise.all(statements.map((statement) => this.#engine.ask('rows', statement, timeoutMs)))
      const counted = answers
        .flat()
        .map(([key, part, count]) => ({ key: key as string | number, part: part as string | null, count: Number(count) }))
      return undecided ? [...counted, ...(await wholeRows(condition.odd, baseParameters))] : counted
    })
  }

  #mustVerify({ condition, where }: Ask, sources: readonly Source[]): boolean {
    if (where === always) return false
    return !condition.exact || condition.touchy || hasOdd(sources)
  }

  async #with<T>(
    scope: Scope,
    query: EventQuery | Omit<EventSearch, 'limit'>,
    work: (ask: Ask, sources: readonly Source[]) => Promise<T>,
  ): Promise<T> {
    return this.#gate.pass(async () => {
      const span = spanOf(query, this.#sources.hidden)
      const ask = { condition: rowCondition(scope, query.where, span), where: query.where }
      return this.#sources.use(mayContain(span), (sources) => work(ask, sources))
    })
  }
}

function hasOdd(sources: readonly Source[]): boolean {
  return sources.some(({ contents }) => contents.odd > 0)
}

function candidates({ wanted, odd }: RowCondition): string {
  return `(${wanted} OR ${odd})`
}

function afterId({ after, order }: EventSearch): string | undefined {
  if (after === undefined) return undefined
  const cursor = readCursor(cursorSchema, after)
  if (cursor.order === order) return cursor.id
  throw new VonggacError('invalid-request', 'The page mark "after" belongs to a list in another order.')
}

function checkAggregation(by: Aggregation): void {
  const number = by.by === 'time' ? by.bucketSeconds : by.size
  if (Number.isInteger(number) && number >= 1 && number <= 31_536_000) return
  throw new VonggacError('invalid-request', 'A bucket has at least one second, and a list of terms at least one entry.')
}

function toEvent(json: string): FlatEvent {
  return JSON.parse(json) as FlatEvent
}
