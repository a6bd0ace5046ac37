import type { FieldName } from '@vonggac/contract'
import type { Scalar } from '@vonggac/sigma'
import type { Measure } from '../event-store.ts'
import { hasOdd, type Asking } from './asking.ts'
import { catalogue, quotedName } from './catalogue.ts'
import { Decided } from './decided.ts'
import type { Measured, Statement } from './engine/protocol.ts'
import type { Source } from './sources.ts'
import { numbersOf, textsOf } from './values.ts'

/** Different values are counted one by one among so many events; among more, by a sketch. */
const mostExact = 1_000_000

type Sum = NonNullable<Measured['numbers']>

/** What the field holds in the events wanted: by SQL what it can decide, and event by event the rest. */
export async function measure(asking: Asking, field: FieldName): Promise<Measure> {
  const { sources, condition } = asking
  if (sources.length === 0) return { events: 0, distinct: 0, exact: true }
  const verify = asking.verified(sources)
  if (verify !== null && !condition.exact) {
    const found = joined(await asking.measure(sources, (some) => asking.wholeCandidates(some), field))
    return measured(found.events, found.texts.length, !found.more, found.numbers)
  }
  const undecided = verify !== null || hasOdd(sources)
  const values = (some: readonly Source[]) => new Values(asking, some, field, undecided)
  const exact = sources.reduce((sum, { contents }) => sum + contents.events, 0) <= mostExact
  const [events, sums, different, odd] = await Promise.all([
    asking.rowsApart(sources, (some) => values(some).events),
    hasNumbers(field) ? asking.rowsApart(sources, (some) => values(some).sum) : [],
    asking.rows(sources, values(sources).distinct(exact)),
    undecided ? asking.measure(sources, (some) => asking.wholeOdd(some), field) : [],
  ])
  const decided: Measured = {
    events: events.reduce((sum, [count]) => sum + Number(count), 0),
    texts: [],
    more: false,
    numbers: sums.map(sumOf).reduce(added, null),
  }
  const { events: count, texts, more, numbers } = joined([decided, ...odd])
  const sorts = Number(different[0]![0])
  if (texts.length === 0) return measured(count, sorts, exact && !more, numbers)
  const known = await asking.rows(sources, values(sources).known(texts))
  return measured(count, sorts + texts.length - Number(known[0]![0]), exact && !more, numbers)
}

/** Statements on the values that the events have in which SQL decides. */
class Values {
  readonly #field: string
  readonly #from: string
  readonly #parameters: readonly Scalar[]
  /** Most columns hold one text: no list has to be made of it. */
  readonly #plain: boolean

  constructor(asking: Asking, sources: readonly Source[], field: string, undecided: boolean) {
    this.#field = field
    this.#from = new Decided(asking, sources, [field], undecided).from()
    this.#parameters = asking.parameters(sources)
    this.#plain = catalogue.get(field) === 'text' || catalogue.get(field) === 'long'
  }

  /** How many events have one. */
  get events(): Statement {
    if (this.#plain) return { sql: `SELECT count(${quotedName(this.#field)}) ${this.#from}`, parameters: this.#parameters }
    const { sql, bound } = textsOf(this.#field, this.#parameters)
    return { sql: `SELECT count(*) FILTER (WHERE len(${sql}) > 0) ${this.#from}`, parameters: bound }
  }

  /** Of a field with numbers. */
  get sum(): Statement {
    const { sql, bound } = numbersOf(this.#field, this.#parameters)!
    return {
      sql: `SELECT count(value), min(value), max(value), sum(value) FROM (SELECT unnest(${sql}) AS value ${this.#from})`,
      parameters: bound,
    }
  }

  /** How many different ones there are; where that need not be exact, about. */
  distinct(exact: boolean): Statement {
    const { sql, parameters } = this.#terms
    return { sql: `SELECT ${exact ? 'count(DISTINCT term)' : 'approx_count_distinct(term)'} FROM (${sql})`, parameters }
  }

  /** How many of these texts there are. */
  known(texts: readonly string[]): Statement {
    const { sql, parameters } = this.#terms
    return {
      sql: `SELECT count(DISTINCT term) FROM (${sql}) WHERE CAST(term AS VARCHAR) IN (SELECT unnest(CAST(CAST($${parameters.length + 1} AS JSON) AS VARCHAR[])))`,
      parameters: [...parameters, JSON.stringify(texts)],
    }
  }

  get #terms(): Statement {
    if (!this.#plain) {
      const { sql, bound } = textsOf(this.#field, this.#parameters)
      return { sql: `SELECT unnest(${sql}) AS term ${this.#from}`, parameters: bound }
    }
    const column = quotedName(this.#field)
    return { sql: `SELECT ${column} AS term ${this.#from} AND ${column} IS NOT NULL`, parameters: this.#parameters }
  }
}

function hasNumbers(field: string): boolean {
  return numbersOf(field, []) !== undefined
}

function sumOf(row: readonly unknown[]): Sum | null {
  const [count, minimum, maximum, sum] = row.map(Number) as [number, number, number, number]
  return count === 0 ? null : { count, minimum, maximum, sum }
}

function joined(parts: readonly Measured[]): Measured {
  return {
    events: parts.reduce((sum, { events }) => sum + events, 0),
    texts: [...new Set(parts.flatMap(({ texts }) => texts))],
    more: parts.some(({ more }) => more),
    numbers: parts.map(({ numbers }) => numbers).reduce(added, null),
  }
}

function added(a: Sum | null, b: Sum | null): Sum | null {
  if (a === null || b === null) return a ?? b
  return {
    count: a.count + b.count,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
    sum: a.sum + b.sum,
  }
}

function measured(events: number, distinct: number, exact: boolean, numbers: Sum | null): Measure {
  if (numbers === null) return { events, distinct, exact }
  const { count, minimum, maximum, sum } = numbers
  return { events, distinct, exact, numbers: { minimum, maximum, mean: sum / count, sum } }
}
