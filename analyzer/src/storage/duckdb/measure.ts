import type { FieldName } from '@vonggac/contract'
import type { Measure } from '../event-store.ts'
import { hasOdd, type Asking } from './asking.ts'
import { catalogue, quotedName } from './catalogue.ts'
import { Decided } from './decided.ts'
import { fromSources } from './sources.ts'
import { numbersOf, textsOf } from './values.ts'

/** Different values are counted one by one among so many events; among more, by a sketch. */
const mostExact = 1_000_000

interface Sum {
  readonly count: number
  readonly minimum: number
  readonly maximum: number
  readonly sum: number
}

/** What the field holds in the events wanted: by SQL what it can decide, and event by event the rest. */
export async function measure(asking: Asking, field: FieldName): Promise<Measure> {
  const { sources, condition, where } = asking
  if (sources.length === 0) return { events: 0, distinct: 0, exact: true }
  const parameters = asking.parameters(sources)
  const verify = asking.verified(sources)
  if (verify !== null && !condition.exact) {
    const found = await asking.measure({ sql: `SELECT * ${asking.candidates(sources)}`, parameters, verify: where, field })
    return measured(found.events, found.texts.length, !found.more, found.numbers)
  }
  const undecided = verify !== null || hasOdd(sources)
  const decided = new Decided(asking, sources, [field], undecided).from()
  const exact = sources.reduce((sum, { contents }) => sum + contents.events, 0) <= mostExact
  const texts = textsOf(field, parameters)
  // Most columns hold one text: no list has to be made of it.
  const plain = catalogue.get(field) === 'text' || catalogue.get(field) === 'long'
  const terms = plain
    ? { sql: `SELECT ${quotedName(field)} AS term ${decided} AND ${quotedName(field)} IS NOT NULL`, parameters }
    : { sql: `SELECT unnest(${texts.sql}) AS term ${decided}`, parameters: texts.bound }
  const distinct = exact ? 'count(DISTINCT term)' : 'approx_count_distinct(term)'
  const [events, different, numbers, odd] = await Promise.all([
    plain
      ? asking.rows({ sql: `SELECT count(${quotedName(field)}) ${decided}`, parameters })
      : asking.rows({ sql: `SELECT count(*) FILTER (WHERE len(${texts.sql}) > 0) ${decided}`, parameters: texts.bound }),
    asking.rows({ sql: `SELECT ${distinct} FROM (${terms.sql})`, parameters: terms.parameters }),
    sumOf(asking, field, decided),
    undecided
      ? asking.measure({
          sql: `SELECT * FROM ${fromSources(sources)} WHERE ${condition.base} AND ${condition.odd}`,
          parameters: condition.baseParameters,
          verify: where,
          field,
        })
      : undefined,
  ])
  const count = Number(events[0]![0])
  const sorts = Number(different[0]![0])
  if (odd === undefined || odd.events === 0) return measured(count, sorts, exact, numbers)
  const known = await asking.rows({
    sql: `SELECT count(DISTINCT term) FROM (${terms.sql}) WHERE CAST(term AS VARCHAR) IN (SELECT unnest(CAST(CAST($${terms.parameters.length + 1} AS JSON) AS VARCHAR[])))`,
    parameters: [...terms.parameters, JSON.stringify(odd.texts)],
  })
  const more = odd.texts.length - Number(known[0]![0])
  return measured(count + odd.events, sorts + more, exact && !odd.more, added(numbers, odd.numbers))
}

async function sumOf(asking: Asking, field: string, decided: string): Promise<Sum | null> {
  const numbers = numbersOf(field, asking.parameters(asking.sources))
  if (numbers === undefined) return null
  const sql = `SELECT count(value), min(value), max(value), sum(value) FROM (SELECT unnest(${numbers.sql}) AS value ${decided})`
  const [row] = await asking.rows({ sql, parameters: numbers.bound })
  const [count, minimum, maximum, sum] = row!.map(Number) as [number, number, number, number]
  return count === 0 ? null : { count, minimum, maximum, sum }
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
