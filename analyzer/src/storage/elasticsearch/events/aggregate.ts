/**
 * Counts by time and by value, and measures. The index counts what it decides; documents that only the reference evaluator decides are
 * fetched and counted one by one. Terms are exact: where a field has more values than one answer holds, they are paged through
 * (`composite`), except that the most frequent of very many come from one answer with a wide margin, where Elasticsearch's own bound of
 * the error is nought.
 */
import { VonggacError, type FlatEvent, type Scope } from '@vonggac/contract'
import { evaluate } from '@vonggac/sigma'
import type { Aggregation, Bucket, EventQuery, Measure } from '../../event-store.ts'
import { candidates, clockField, conditionOf, decided, undecided, type Condition, type Query } from './condition.ts'
import { numberField, valueField } from './fields.ts'
import type { Reader } from './reader.ts'
import { Terms, termsOf, Times } from './tally.ts'

/** Of one answer; below the server's `search.max_buckets` of 65,536. */
const termsAtOnce = 10_000
const pageOfBuckets = 10_000
/** Different values that are worth counting for the rarest: each is held in memory. */
const mostTerms = 1_000_000
const verifiedPage = 500

/** Without any index there are no aggregations in the answer. */
type Ask = (body: Query) => Promise<{ readonly aggregations?: unknown }>

interface TermsAnswer {
  readonly sum_other_doc_count: number
  readonly doc_count_error_upper_bound: number
  readonly buckets: readonly { readonly key: string | number; readonly key_as_string?: string; readonly doc_count: number }[]
}

interface CompositeAnswer {
  readonly after_key?: Query
  readonly buckets: readonly { readonly key: Readonly<Record<string, string | number>>; readonly doc_count: number }[]
}

export class Aggregates {
  readonly #reader: Reader

  constructor(reader: Reader) {
    this.#reader = reader
  }

  async aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]> {
    checkAggregation(by)
    return by.by === 'time' ? this.#byTime(scope, query, by) : this.#byTerm(scope, query, by)
  }

  #byTerm(scope: Scope, query: EventQuery, by: Extract<Aggregation, { by: 'terms' }>): Promise<readonly Bucket[]> {
    const terms = new Terms()
    return this.#tally(scope, query, [by.field], {
      event: (event) => terms.addEvent(event, by.field),
      index: async (search, decide) => {
        const as = valueField(by.field)
        if (as === undefined) return
        const { buckets, complete } = await topTerms(search, decide, as.name)
        if (complete || (by.first !== 'rarest' && by.size <= termsAtOnce / 10 && isTopExact(buckets))) {
          for (const { key, key_as_string, doc_count } of buckets.buckets) terms.add(key_as_string ?? String(key), doc_count)
        } else {
          for await (const { key, doc_count } of composite(search, decide, [termSource(by.field)]))
            terms.add(termText(key['term']!, by.field), doc_count)
        }
      },
    }).then(() => terms.buckets(by))
  }

  #byTime(scope: Scope, query: EventQuery, by: Extract<Aggregation, { by: 'time' }>): Promise<readonly Bucket[]> {
    const times = new Times(by)
    const clock = query.range.clock ?? 'received'
    const { split } = by
    const time: Query = { time: { date_histogram: { field: clockField(query.range), fixed_interval: `${by.bucketSeconds}s` } } }
    return this.#tally(scope, query, split === undefined ? [] : [split], {
      event: (event) => times.addEvent(event, clock),
      index: async (search, decide) => {
        for await (const { key, doc_count } of composite(search, decide, [time])) times.add(Number(key['time']), doc_count)
        if (split === undefined || valueField(split) === undefined) return
        for await (const { key, doc_count } of composite(search, decide, [time, termSource(split)])) {
          times.addPart(Number(key['time']), termText(key['term']!, split), doc_count)
        }
      },
    }).then(() => times.buckets())
  }

  async measure(scope: Scope, query: EventQuery, field: string): Promise<Measure> {
    const seen = new Set<string>()
    let events = 0
    let more = 0
    let exact = true
    const numbers = new Numbers()
    await this.#tally(scope, query, [field], {
      event: (event) => {
        const terms = termsOf(event, field)
        if (terms.size === 0) return
        events++
        for (const term of terms) seen.add(term)
        numbers.addEvent(event[field]!)
      },
      index: async (search, decide) => {
        const as = valueField(field)
        if (as === undefined) return
        const { buckets, complete, present, distinct, stats } = await topTerms(search, decide, as.name, numberField(field))
        events += present
        if (stats !== undefined) numbers.addStats(stats)
        if (complete) for (const { key, key_as_string } of buckets.buckets) seen.add(key_as_string ?? String(key))
        else [more, exact] = [distinct, false]
      },
    })
    return { events, distinct: exact ? seen.size : Math.max(more, seen.size), exact, ...numbers.summary() }
  }

  /** `index` is asked where the condition is exact, of what is decided; `event` gets every other event that is wanted. */
  #tally(
    scope: Scope,
    query: EventQuery,
    also: readonly string[],
    { event, index }: { event: (event: FlatEvent) => void; index: (search: Ask, decide: Query) => Promise<void> },
  ): Promise<void> {
    const { signal } = query
    const each = async (condition: Condition, asked: Query) => {
      for await (const page of this.#reader.everything(condition.index, asked, verifiedPage, signal)) {
        for (const found of page) if (evaluate(condition.where, found)) event(found)
      }
    }
    return this.#reader.with(query, async () => {
      const condition = await conditionOf(scope, query, await this.#reader.surroundings(), also)
      if (condition === undefined) return
      if (!condition.exact) {
        await each(condition, candidates(condition))
        return
      }
      await this.#reader.atOneMoment(condition.index, signal, (search) => index(search, decided(condition)))
      const rest = undecided(condition)
      if (rest !== undefined && (await this.#reader.count(condition.index, rest, signal)) > 0) await each(condition, rest)
    })
  }
}

const noTerms: TermsAnswer = { sum_other_doc_count: 0, doc_count_error_upper_bound: 0, buckets: [] }

async function topTerms(search: Ask, query: Query, name: string, numbers?: string) {
  const { aggregations } = await search({
    size: 0,
    track_total_hits: false,
    query,
    aggs: {
      terms: { terms: { field: name, size: termsAtOnce } },
      present: { filter: { exists: { field: name } } },
      distinct: { cardinality: { field: name, precision_threshold: 40_000 } },
      ...(numbers !== undefined && { stats: { stats: { field: numbers } } }),
    },
  })
  if (aggregations === undefined) return { buckets: noTerms, complete: true, present: 0, distinct: 0, stats: undefined }
  const { terms, present, distinct, stats } = aggregations as {
    terms: TermsAnswer
    present: { doc_count: number }
    distinct: { value: number }
    stats?: Stats
  }
  const complete = terms.sum_other_doc_count === 0 && terms.buckets.length < termsAtOnce
  return { buckets: terms, complete, present: present.doc_count, distinct: distinct.value, stats }
}

function isTopExact({ doc_count_error_upper_bound: error }: TermsAnswer): boolean {
  return error === 0
}

function termSource(field: string): Query {
  return { term: { terms: { field: valueField(field)!.name } } }
}

/** The text that predicates compare. */
function termText(key: string | number, field: string): string {
  return valueField(field)?.kind === 'timestamp' ? new Date(key).toISOString() : String(key)
}

async function* composite(search: Ask, query: Query, sources: readonly Query[]): AsyncGenerator<CompositeAnswer['buckets'][number]> {
  let count = 0
  for (let after: Query | undefined; ;) {
    const all = { composite: { size: pageOfBuckets, sources, ...(after && { after }) } }
    const { aggregations } = await search({ size: 0, track_total_hits: false, query, aggs: { all } })
    if (aggregations === undefined) return
    const { buckets, after_key } = (aggregations as { all: CompositeAnswer }).all
    yield* buckets
    count += buckets.length
    if (count > mostTerms) throw tooMany
    if (buckets.length < pageOfBuckets || after_key === undefined) return
    after = after_key
  }
}

const tooMany = new VonggacError(
  'invalid-request',
  `There are more than ${mostTerms} different values. Ask for a shorter time, or for less.`,
)

interface Stats {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
}

class Numbers {
  #count = 0
  #minimum = Infinity
  #maximum = -Infinity
  #sum = 0

  addStats({ count, min, max, sum }: Stats): void {
    if (count === 0) return
    this.#count += count
    this.#minimum = Math.min(this.#minimum, min)
    this.#maximum = Math.max(this.#maximum, max)
    this.#sum += sum
  }

  addEvent(value: FlatEvent[string]): void {
    for (const member of [value].flat()) {
      if (typeof member === 'number') this.addStats({ count: 1, min: member, max: member, sum: member })
    }
  }

  summary(): Pick<Measure, 'numbers'> {
    if (this.#count === 0) return {}
    return { numbers: { minimum: this.#minimum, maximum: this.#maximum, mean: this.#sum / this.#count, sum: this.#sum } }
  }
}

function checkAggregation(by: Aggregation): void {
  const number = by.by === 'time' ? by.bucketSeconds : by.size
  if (Number.isInteger(number) && number >= 1 && number <= 31_536_000) return
  throw new VonggacError('invalid-request', 'A bucket has at least one second, and a list of terms at least one entry.')
}
