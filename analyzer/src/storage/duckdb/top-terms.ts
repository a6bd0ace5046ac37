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
import type { Tallied } from './engine/protocol.ts'
import { liesWithin } from './plan.ts'
import type { SegmentPart } from './signature-file.ts'
import type { Source } from './sources.ts'
import { valueCountsOf, wantedGroups } from './summary.ts'
import { Tallies } from './tallies.ts'
import { Turns } from './turns.ts'

type Terms = Extract<Aggregation, { by: 'terms' }>

/** Events that are together known to have some values, and any other value at most so often. */
interface Place {
  readonly sources: readonly Source[]
  readonly counts: ReadonlyMap<string, number>
  readonly others: number
}

/** More are not worth the way by candidates. */
const mostCandidates = 1_000
/** Values listed of what has no summary. */
const longestList = 2_000

export async function topTerms(asking: Asking, by: Terms): Promise<readonly Tallied[] | undefined> {
  if (by.first === 'rarest') return undefined
  const { places, rest } = await knownPlaces(asking, by.field)
  if (places.length === 0) return undefined
  if (rest.length > 0) {
    const listed = await listedOf(asking, rest, by)
    if (listed === undefined) return undefined
    places.push(listed)
  }
  const candidates = await candidatesIn(places, by.size)
  if (candidates === undefined) return undefined
  const listsAll = ({ counts, others }: Place) => others === 0 || candidates.every((text) => counts.has(text))
  const counted = new Tallies()
  for (const { counts } of places.filter(listsAll))
    for (const text of candidates) if (counts.has(text)) counted.add(text, null, counts.get(text)!)
  const again = places.filter((place) => !listsAll(place)).flatMap(({ sources }) => sources)
  const undecided = again.filter(({ decided }) => !decided)
  if (asking.verified(undecided) !== null) return undefined
  for (const some of [again.filter(({ decided }) => decided), undecided])
    for (const [text, count] of await countsIn(asking, some, by.field, candidates)) counted.add(text, null, count)
  return counted.all
}

/** A place for each dataset of the segments whose summaries tell; the others have to be read. */
async function knownPlaces(asking: Asking, field: string): Promise<{ readonly places: Place[]; readonly rest: readonly Source[] }> {
  const places: Place[] = []
  const rest: Source[] = []
  const turns = new Turns()
  for (const source of asking.sources) {
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
    const counts = new Map(groups.flatMap(({ text, events }) => (text === null ? [] : [[text, events] as const])))
    return { sources: [source], counts, others: 0 }
  }
  const values = valueCountsOf(part, field)
  // Where agencies have a dataset in common, it cannot be read again for one of them alone.
  const alone = part.dataset !== null && source.parts!.filter(({ dataset }) => dataset === part.dataset).length === 1
  if (values === undefined || !alone || wanted.lookOut(part) !== 'always') return undefined
  const { texts, counts, others } = values
  const ofPart: Source = { ...source, datasets: [part.dataset] }
  return { sources: [ofPart], counts: new Map(texts.map((text, n) => [text, counts[n]!])), others }
}

/** What has no summary, as one place; undefined where SQL cannot decide what is wanted of it. */
async function listedOf(asking: Asking, sources: readonly Source[], by: Terms): Promise<Place | undefined> {
  if (asking.verified(sources) !== null || hasOdd(sources)) return undefined
  const statements = new Decided(asking, sources, [by.field], false).statements({ ...by, size: longestList }, false)
  const answers = await Promise.all(statements.map((statement) => asking.rows(statement)))
  const counts = new Map(answers.flat().map(([text, , count]) => [String(text), Number(count)]))
  const others = Math.max(...answers.map((rows) => (rows.length < longestList ? 0 : Number(rows.at(-1)![2]))))
  return { sources, counts, others }
}

/** The values that may be among the first; undefined where one that is listed nowhere may be, and where they are too many. */
async function candidatesIn(places: readonly Place[], size: number): Promise<readonly string[] | undefined> {
  const known = new Map<string, { least: number; listing: number }>()
  const turns = new Turns()
  let unlisted = 0
  for (const { counts, others } of places) {
    await turns.next()
    unlisted += others
    for (const [text, count] of counts) {
      const sum = known.get(text)
      if (sum === undefined) known.set(text, { least: count, listing: others })
      else {
        sum.least += count
        sum.listing += others
      }
    }
  }
  const last = [...known.values()].map(({ least }) => least).toSorted((a, b) => b - a)[size - 1] ?? 0
  if (unlisted > 0 && unlisted >= last) return undefined
  const candidates = [...known].flatMap(([text, { least, listing }]) => (least + unlisted - listing >= last ? [text] : []))
  return candidates.length > mostCandidates ? undefined : candidates
}

/** How often the values are in the events wanted of the sources. */
async function countsIn(asking: Asking, sources: readonly Source[], field: string, texts: readonly string[]) {
  if (sources.length === 0) return []
  const column = quotedName(field)
  const literal = catalogue.get(field) === 'long' ? (text: string) => text : quotedText
  const decided = new Decided(asking, sources, [field], false)
  const sql = `SELECT CAST(${column} AS VARCHAR), count(*) ${decided.from()} AND ${column} IN (${texts.map(literal).join(', ')}) GROUP BY 1`
  const rows = await asking.rows({ sql, parameters: decided.parameters })
  return rows.map(([text, count]) => [String(text), Number(count)] as const)
}
