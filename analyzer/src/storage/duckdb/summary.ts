import { fields } from '@vonggac/contract'
import type { Aggregation } from '../event-store.ts'
import type { Span } from './condition.ts'
import type { Tallied } from './engine/protocol.ts'
import { liesWithin } from './plan.ts'
import type { SegmentPart } from './signature-file.ts'
import type { Source } from './sources.ts'

const minuteSeconds = 60

/** Counts what the summaries of segments know exactly, and names the sources that have to be read for the rest. */
export function countedFromSummaries(
  sources: readonly Source[],
  span: Span,
  by: Aggregation | null,
): { readonly counted: readonly Tallied[]; readonly rest: readonly Source[] } {
  const counted = new Map<string, Tallied>()
  const add = (key: Tallied['key'], part: string | null, count: number) => {
    const place = `${key}\n${part === null ? '' : `=${part}`}`
    counted.set(place, { key, part, count: count + (counted.get(place)?.count ?? 0) })
  }
  const rest = sources.filter(({ whole, contents }) => {
    if (whole === undefined || !liesWithin(contents, span) || !whole.every((part) => answers(part, span, by))) return true
    for (const part of whole) count(part, span, by, add)
    return false
  })
  return { counted: [...counted.values()], rest }
}

function answers(part: SegmentPart, { clock }: Span, by: Aggregation | null): boolean {
  // An event without a time of that clock is in no range of it.
  if (clock === 'occurred' && part.occurred === null) return false
  if (by === null) return true
  if (by.by === 'terms') return constantOf(part, by.field) !== null
  return by.bucketSeconds % minuteSeconds === 0 && (by.split === undefined || constantOf(part, by.split) !== null)
}

/** The one value that each event of the part has for the field; null where that is not known. */
function constantOf(part: SegmentPart, field: string): string | null {
  return field === fields.dataset ? part.dataset : field === fields.agency ? part.agency : null
}

function count(
  part: SegmentPart,
  { clock }: Span,
  by: Aggregation | null,
  add: (key: Tallied['key'], part: string | null, count: number) => void,
): void {
  if (by === null) return add('', null, part.events)
  if (by.by === 'terms') return add(constantOf(part, by.field)!, null, part.events)
  const minutes = clock === 'received' ? part.received : part.occurred!
  const width = by.bucketSeconds / minuteSeconds
  for (let pair = 0; pair < minutes.length; pair += 2) {
    const key = Math.floor(minutes[pair]! / width) * by.bucketSeconds * 1000
    add(key, null, minutes[pair + 1]!)
    if (by.split !== undefined) add(key, constantOf(part, by.split), minutes[pair + 1]!)
  }
}
