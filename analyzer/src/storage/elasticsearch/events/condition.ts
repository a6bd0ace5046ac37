/** What a query asks of a document. */
import { everyAgency, fields, VonggacError, type Scope } from '@vonggac/contract'
import {
  always,
  anyText,
  fieldsIn,
  toElasticsearch,
  type ElasticsearchField,
  type ElasticsearchQuery,
  type Expression,
} from '@vonggac/sigma'
import type { EventQuery, TimeRange } from '../../event-store.ts'
import { askedOf, kindOf, numberField, own, unindexed, unnamable, valueField } from './fields.ts'
import type { EventNames } from './names.ts'

export type Query = ElasticsearchQuery

export interface Condition {
  /** Where to look. */
  readonly index: string
  /** Scope, time and what retention left: the index always decides them. */
  readonly base: readonly Query[]
  /** True at least for the documents wanted that are not odd; `exact`: and for no others. */
  readonly wanted: Query
  /** Documents of which only the whole event tells. */
  readonly odd: Query
  readonly exact: boolean
  readonly where: Expression
}

export interface Surroundings {
  readonly names: EventNames
  /** What retention gave up. */
  readonly gone: Query | undefined
  /** The fields with text that events of these indices have by now. */
  readonly texts: (index: string) => Promise<readonly string[]>
  /** Fields that an operator gave a type. */
  readonly foreign: ReadonlySet<string>
}

/** Clauses in one query have a limit, and each keyword needs one a field. */
const mostTexts = 900

/**
 * Undefined where the scope can hold nothing. `also` are fields that matter besides those of the expression, such as the one that is
 * counted by. Throws `invalid-request` for a range without times or a regular expression that is refused.
 */
export async function conditionOf(
  scope: Scope,
  { where, range }: Pick<EventQuery, 'where' | 'range'>,
  { names, gone, foreign, texts: textsIn }: Surroundings,
  also: readonly string[] = [],
): Promise<Condition | undefined> {
  const time = timeQuery(range)
  const index = names.patternOf(scope)
  if (index === undefined) return undefined
  const base: Query[] = [time]
  if (scope.agency !== everyAgency) base.push({ term: { [fields.agency]: { value: scope.agency } } })
  if (gone !== undefined) base.push({ bool: { must_not: [gone] } })
  const named = fieldsIn(where)
  const texts = named.has(anyText) ? await textsToAsk(textsIn, index) : undefined
  const { query, exact } = convert(where, texts, foreign)
  // A keyword field holds numbers as texts, which a keyword must not find.
  const isExact = exact && !named.has(anyText) && !also.some((field) => foreign.has(field))
  return { index, base, wanted: query, odd: oddQuery([...named, ...also]), exact: isExact, where }
}

/** Undefined where they are too many: then every event is looked at. */
async function textsToAsk(textsIn: Surroundings['texts'], index: string): Promise<readonly ElasticsearchField[] | undefined> {
  const names = await textsIn(index)
  return names.length > mostTexts ? undefined : names.map((name) => ({ name, type: 'keyword' }))
}

function convert(where: Expression, texts: readonly ElasticsearchField[] | undefined, foreign: ReadonlySet<string>) {
  const { expression, field } = askedOf(where, foreign)
  try {
    return toElasticsearch(expression, { field, ...(texts && { texts }) })
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new VonggacError('invalid-request', `The condition cannot be used: ${error.message}`, { cause: error })
    throw error
  }
}

export function clockField({ clock }: TimeRange): string {
  return clock === 'occurred' ? fields.timestamp : own.received
}

function timeQuery(range: TimeRange): Query {
  const [from, to] = [range.from.getTime(), range.to.getTime()]
  if (Number.isNaN(from) || Number.isNaN(to)) throw new VonggacError('invalid-request', 'The time range has no valid start or end.')
  return { range: { [clockField(range)]: { gte: from, lt: to, format: 'epoch_millis' } } }
}

const none: Query = { match_none: {} }

function oddQuery(named: readonly string[]): Query {
  if (named.length === 0) return none
  if (named.includes(anyText)) return anyOf([{ exists: { field: own.odd } }, { exists: { field: '_ignored' } }])
  const marks = new Set<string>([unindexed])
  const ignored = new Set<string>()
  for (const field of named) {
    marks.add(kindOf(field) === undefined ? unnamable : field)
    ignored.add(field)
    ignored.add(valueField(field)?.name ?? field)
    ignored.add(numberField(field) ?? field)
  }
  return anyOf([{ terms: { [own.odd]: [...marks] } }, { terms: { _ignored: [...ignored] } }])
}

export function anyOf(members: readonly Query[]): Query {
  return { bool: { should: members, minimum_should_match: 1 } }
}

/** Every document that may be wanted. */
export function candidates({ base, wanted, odd, where }: Condition): Query {
  return { bool: { filter: where === always ? base : [...base, anyOf([wanted, odd])] } }
}

/** The documents that the index alone finds wanted; only where the condition is exact. */
export function decided({ base, wanted, odd }: Condition): Query {
  return { bool: { filter: [...base, wanted], must_not: [odd] } }
}

/** Those that `decided` leaves out; undefined where there can be none. */
export function undecided({ base, odd }: Condition): Query | undefined {
  return odd === none ? undefined : { bool: { filter: [...base, odd] } }
}
