import type { Aggregation } from '../event-store.ts'
import { hasOdd, type Asking } from './asking.ts'
import { Decided } from './decided.ts'
import type { Tallied } from './engine/protocol.ts'
import { apart, type Source } from './sources.ts'
import { countedFromSummaries } from './summary.ts'
import { topTerms } from './top-terms.ts'

/** Counts by key and part: from summaries what they know, by SQL what it can decide, and event by event the rest. */
export async function tally(asking: Asking, by: Aggregation | null): Promise<readonly Tallied[]> {
  const { counted, rest } = await countedFromSummaries(asking.sources, asking.wanted, asking.span, by)
  if (rest.length === 0) return counted
  const top = by?.by === 'terms' ? await topTerms(asking, by, counted, rest) : undefined
  if (top !== undefined) return top
  const all = counted.length > 0
  // The first of each of two lists need not be the first of both.
  const lists = by?.by === 'terms' && !all ? [rest] : apart(rest)
  const tallied = await Promise.all(lists.map((some) => tallyOf(asking, some, by, all)))
  return [...counted, ...tallied.flat()]
}

/** With `all`, no term is left out. */
async function tallyOf(asking: Asking, sources: readonly Source[], by: Aggregation | null, all: boolean): Promise<readonly Tallied[]> {
  const { condition } = asking
  const verify = asking.verified(sources)
  if (verify !== null && !condition.exact) return asking.tally(sources, (some) => asking.wholeCandidates(some), by)
  const undecided = verify !== null || (by !== null && hasOdd(sources))
  const statements = new Decided(asking, sources, fieldsOf(by), undecided).statements(by, all || undecided)
  const answers = await Promise.all(statements.map((statement) => asking.rows(sources, statement)))
  const counted = answers
    .flat()
    .map(([key, part, count]) => ({ key: key as string | number, part: part as string | null, count: Number(count) }))
  if (!undecided) return counted
  return [...counted, ...(await asking.tally(sources, (some) => asking.wholeOdd(some), by))]
}

function fieldsOf(by: Aggregation | null): readonly string[] {
  const field = by?.by === 'terms' ? by.field : by?.split
  return field === undefined ? [] : [field]
}
