/**
 * The most frequent values of a field, where summaries list those that are frequent in each part and say how frequent the others are at most.
 *
 * Added up, they tell which values can be among the first at all: those whose count may reach that of the last one listed for certain. Only they are
 * counted again, in the parts that do not list all of them; a part's row groups without any of them are then not even read. Where too little is
 * known, the answer is undefined, and all values have to be counted.
 */
import type { Aggregation } from '../event-store.ts'
import { hasOdd, type Asking } from './asking.ts'
import { catalogue, quotedName, quotedText } from './catalogue.ts'
import { Decided } from './decided.ts'
import type { Statement, Tallied } from './engine/protocol.ts'
import { liesWithin } from './plan.ts'
import type { SegmentPart } from './signature-file.ts'
import { apart, type Source } from './sources.ts'
import { valueCountsOf, wantedGroups } from './summary.ts'
import { Tallies } from './tallies.ts'
import { Turns } from './turns.ts'
import { textsOf } from './values.ts'

type Terms = Extract<Aggregation, { by: 'terms' }>

/** Events that are together known to have some values so often, and any other value at most so often. */
interface Place {
  readonly sources: readonly Source[]
  readonly texts: readonly string[]
  readonly counts: readonly number[]
  readonly others: number
}

/** More are not worth the way by candidates. */
const mostCandidates = 1_000
/** Values listed of what has no summary. */
const longestList = 2_000

/** Of what was `counted` already, and of the `sources` that were not. */
export async function topTerms(
  asking: Asking,
  by: Terms,
  counted: readonly Tallied[],
  sources: readonly Source[],
): Promise<readonly Tallied[] | undefined> {
  if (by.first === 'rarest') return undefined
  const { places, rest } = await knownPlaces(asking, sources, by.field)
  const unknown = apart(rest)
  // One statement on them tells as much.
  if (places.length === 0 && (unknown.length < 2 || by.size > mostCandidates)) return undefined
  places.push({ sources: [], texts: counted.map(({ key }) => String(key)), counts: counted.map(({ count }) => count), others: 0 })
  for (const listed of await Promise.all(unknown.map((some) => listedOf(asking, some, by)))) {
    if (listed === undefined) return undefined
    places.push(listed)
  }
  const ranking = new Ranking()
  const turns = new Turns()
  for (const place of places) {
    ranking.add(place)
    await turns.next()
  }
  const candidates = ranking.candidates(by.size)
  if (candidates === undefined || candidates.size > mostCandidates) return undefined
  const tallies = new Tallies()
  const again: Source[] = []
  for (const [n, { texts, counts, others, sources: own }] of places.entries()) {
    const listed = ranking.listed(n, candidates)
    if (others > 0 && listed.length < candidates.size) again.push(...own)
    else for (const at of listed) tallies.add(texts[at]!, null, counts[at]!)
  }
  const undecided = again.filter(({ decided }) => !decided)
  if (asking.verified(undecided) !== null) return undefined
  for (const some of [again.filter(({ decided }) => decided), undecided])
    for (const [text, count] of await countsIn(asking, some, by.field, [...candidates.values()])) tallies.add(text, null, count)
  return tallies.all
}

/** How often the values of all places are there at least and at most. */
class Ranking {
  readonly #numbers = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #least: number[] = []
  /** How much oftener a value may be there than one that no place lists. */
  readonly #ahead: number[] = []
  /** The numbers of the values that each place lists. */
  readonly #places: Int32Array[] = []
  #unlisted = 0

  add({ texts, counts, others }: Place): void {
    const numbers = new Int32Array(texts.length)
    for (const [at, text] of texts.entries()) {
      let number = this.#numbers.get(text)
      if (number === undefined) {
        this.#numbers.set(text, (number = this.#texts.push(text) - 1))
        this.#least.push(0)
        this.#ahead.push(0)
      }
      numbers[at] = number
      this.#least[number]! += counts[at]!
      this.#ahead[number]! += counts[at]! - others
    }
    this.#places.push(numbers)
    this.#unlisted += others
  }

  /** By number, the values that may be among the first; undefined where one that is listed nowhere may be. */
  candidates(size: number): ReadonlyMap<number, string> | undefined {
    const last = Float64Array.from(this.#least).sort().at(-size) ?? 0
    if (this.#unlisted > 0 && this.#unlisted >= last) return undefined
    return new Map(this.#texts.flatMap((text, number) => (this.#unlisted + this.#ahead[number]! >= last ? [[number, text]] : [])))
  }

  /** Where the place lists which of the values. */
  listed(place: number, values: ReadonlyMap<number, string>): readonly number[] {
    const found: number[] = []
    for (const [at, number] of this.#places[place]!.entries()) if (values.has(number)) found.push(at)
    return found
  }
}

/** A place for each dataset of the segments whose summaries tell; the others have to be read. */
async function knownPlaces(
  asking: Asking,
  sources: readonly Source[],
  field: string,
): Promise<{ readonly places: Place[]; readonly rest: readonly Source[] }> {
  const places: Place[] = []
  const rest: Source[] = []
  const turns = new Turns()
  for (const source of sources) {
    await turns.next()
    const own = liesWithin(source.contents, asking.span) ? placesOf(asking, source, field) : undefined
    if (own === undefined) rest.push(source)
    else places.push(...own)
  }
  return { places, rest }
}

function placesOf(asking: Asking, source: Source, field: string): readonly Place[] | undefined {
  const places = source.parts?.map((part) => placeOf(asking, source, part, field))
  return places === undefined || places.includes(undefined) ? undefined : (places as Place[])
}

function placeOf({ wanted, span }: Asking, source: Source, part: SegmentPart, field: string): Place | undefined {
  if (span.clock === 'occurred' && part.occurred === null) return undefined
  const groups = wantedGroups(part, wanted, field)
  if (groups !== undefined) {
    const named = groups.filter(({ text }) => text !== null)
    return { sources: [source], texts: named.map(({ text }) => text!), counts: named.map(({ events }) => events), others: 0 }
  }
  const values = valueCountsOf(part, field)
  // Where agencies have a dataset in common, it cannot be read again for one of them alone.
  const alone = part.dataset !== null && source.parts!.filter(({ dataset }) => dataset === part.dataset).length === 1
  if (values === undefined || !alone || wanted.lookOut(part) !== 'always') return undefined
  return { ...values, sources: [{ ...source, datasets: [part.dataset] }] }
}

/** What has no summary, as one place; undefined where SQL cannot decide what is wanted of it. */
async function listedOf(asking: Asking, sources: readonly Source[], by: Terms): Promise<Place | undefined> {
  if (asking.verified(sources) !== null || hasOdd(sources)) return undefined
  const statements = new Decided(asking, sources, [by.field], false).statements({ ...by, size: longestList }, false)
  const answers = await Promise.all(statements.map((statement) => asking.rows(sources, statement)))
  const rows = answers.flat()
  const others = Math.max(...answers.map((list) => (list.length < longestList ? 0 : Number(list.at(-1)![2]))))
  return { sources, texts: rows.map(([text]) => String(text)), counts: rows.map(([, , count]) => Number(count)), others }
}

/** How often the values are in the events wanted of the sources. */
async function countsIn(asking: Asking, sources: readonly Source[], field: string, texts: readonly string[]) {
  if (sources.length === 0) return []
  const rows = await asking.rowsApart(sources, (some) => countsOf(new Decided(asking, some, [field], false), field, texts))
  return rows.map(([text, count]) => [String(text), Number(count)] as const)
}

function countsOf(decided: Decided, field: string, texts: readonly string[]): Statement {
  const column = quotedName(field)
  const kind = catalogue.get(field)
  if (kind === 'text' || kind === 'long') {
    // Of the column as it is, so that row groups without any of them are skipped.
    const listed = texts.map(kind === 'long' ? (text) => text : quotedText).join(', ')
    const sql = `SELECT CAST(${column} AS VARCHAR), count(*) ${decided.from()} AND ${column} IN (${listed}) GROUP BY 1`
    return { sql, parameters: decided.parameters }
  }
  const { sql, bound } = textsOf(field, decided.parameters)
  const listed = texts.map(quotedText).join(', ')
  return {
    sql: `SELECT term, count(*) FROM (SELECT unnest(${sql}) AS term ${decided.from()}) WHERE term IN (${listed}) GROUP BY term`,
    parameters: bound,
  }
}
