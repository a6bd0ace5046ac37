/**
 * Counts that the summaries of segments know: how many events of a part there are in each minute, and how many with each value of a field. Where
 * a query is true of all events with a value or of none, they are added up, and nothing is read.
 */
import { fields } from '@vonggac/contract'
import type { Aggregation } from '../event-store.ts'
import type { Span } from './condition.ts'
import type { Tallied } from './engine/protocol.ts'
import { liesWithin, type Wanted } from './plan.ts'
import type { SegmentPart } from './signature-file.ts'
import type { Source } from './sources.ts'
import { Tallies } from './tallies.ts'
import { Turns } from './turns.ts'
import { countedFields, type ValueCounts } from './value-counts.ts'

const minuteSeconds = 60

/** The events of a part with one value of a field, or without any. */
interface Group {
  readonly text: string | null
  readonly events: number
  /** In each of the part's minutes of receipt; null where that is not known. */
  readonly minutes: readonly number[] | null
}

/** Counts what the summaries of segments know exactly, and names the sources that have to be read for the rest. */
export async function countedFromSummaries(
  sources: readonly Source[],
  wanted: Wanted,
  span: Span,
  by: Aggregation | null,
): Promise<{ readonly counted: readonly Tallied[]; readonly rest: readonly Source[] }> {
  const counted = new Tallies()
  const turns = new Turns()
  const rest: Source[] = []
  for (const source of sources) {
    const counts = liesWithin(source.contents, span) ? source.parts?.map((part) => countsOf(part, wanted, span, by)) : undefined
    if (counts === undefined || counts.includes(undefined)) rest.push(source)
    else for (const addTo of counts) addTo!(counted)
    await turns.next()
  }
  return { counted: counted.all, rest }
}

/** Undefined where only reading tells. */
function countsOf(part: SegmentPart, wanted: Wanted, { clock }: Span, by: Aggregation | null): ((counted: Tallies) => void) | undefined {
  // An event without a time of that clock is in no range of it.
  if (clock === 'occurred' && part.occurred === null) return undefined
  const [labelled, bySecond] = by?.by === 'terms' ? [by.field, undefined] : [by?.split, by?.bucketSeconds]
  if (bySecond !== undefined && bySecond % minuteSeconds !== 0) return undefined
  const constant = labelled === undefined ? undefined : constantOf(part, labelled)
  const groups = wantedGroups(part, wanted, labelled !== undefined && constant === undefined ? labelled : undefined)
  if (groups === undefined) return undefined
  const labelOf = ({ text }: Group) => (labelled === undefined ? null : (constant ?? text))
  if (bySecond === undefined)
    return (counted) => {
      for (const group of groups) {
        const label = labelOf(group)
        if (by === null) counted.add('', null, group.events)
        else if (label !== null) counted.add(label, null, group.events)
      }
    }
  if (clock === 'occurred' && groups.some(({ events }) => events !== part.events)) return undefined
  if (groups.some(({ minutes }) => minutes === null)) return undefined
  return (counted) => {
    for (const group of groups) {
      const [pairs, counts] = clock === 'occurred' ? [part.occurred!, undefined] : [part.received, group.minutes!]
      const label = labelOf(group)
      for (let at = 0; at < pairs.length; at += 2) {
        const count = counts === undefined ? pairs[at + 1]! : counts[at >> 1]!
        if (count === 0) continue
        const key = Math.floor((pairs[at]! * minuteSeconds) / bySecond) * bySecond * 1000
        counted.add(key, null, count)
        if (label !== null) counted.add(key, label, count)
      }
    }
  }
}

/** The one value that each event of the part has for the field. */
function constantOf(part: SegmentPart, field: string): string | undefined {
  return (field === fields.dataset ? part.dataset : field === fields.agency ? part.agency : null) ?? undefined
}

/** The groups of a part with the events that are wanted, by the field where one is asked for; undefined where they are not known. */
export function wantedGroups(
  part: SegmentPart,
  { fields: named, lookOut }: Wanted,
  field: string | undefined,
): readonly Group[] | undefined {
  for (const by of field === undefined ? [undefined, ...named] : [field]) {
    const groups = groupsOf(part, by)
    if (groups === undefined) continue
    const outlooks = groups.map(({ text }) => lookOut(by === undefined ? part : { ...part, known: { field: by, text } }))
    if (!outlooks.includes('maybe')) return groups.filter((_, n) => outlooks[n] === 'always')
  }
  return undefined
}

/** All events of a part, grouped by the values of a field. */
function groupsOf(part: SegmentPart, field: string | undefined): readonly Group[] | undefined {
  const all = { text: null, events: part.events, minutes: part.received.filter((_, at) => at % 2 === 1) }
  if (field === undefined) return [all]
  const values = valueCountsOf(part, field)
  if (values === undefined || values.others > 0) return undefined
  const { texts, counts, minutes } = values
  const groups = texts.map((text, n): Group => ({ text, events: counts[n]!, minutes: minutes?.[n] ?? null }))
  const events = counts.reduce((left, count) => left - count, all.events)
  const without = minutes && all.minutes.map((count, at) => minutes.reduce((left, of) => left - of[at]!, count))
  return events === 0 ? groups : [...groups, { text: null, events, minutes: without }]
}

/** Undefined where nothing is known of them. */
export function valueCountsOf({ counts }: SegmentPart, field: string): ValueCounts | undefined {
  if (counts === null || !countedFields.has(field)) return undefined
  return counts.find((each) => each.field === field) ?? { field, texts: [], counts: [], minutes: [], others: 0 }
}
