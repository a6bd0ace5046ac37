import type { Aggregation } from '../event-store.ts'
import { hasOdd, type Asking } from './asking.ts'
import { Decided } from './decided.ts'
import type { Tallied } from './engine/protocol.ts'
import { fromSources, type Source } from './sources.ts'
import { countedFromSummaries } from './summary.ts'
import { topTerms } from './top-terms.ts'

/** Counts by key and part: from summaries what they know, by SQL what it can decide, and event by event the rest. */
export async function tally(asking: Asking, by: Aggregation | null): Promise<readonly Tallied[]> {
  const { counted, rest } = await countedFromSummaries(asking.sources, asking.wanted, asking.span, by)
  if (rest.length === 0) return counted
  const top = by?.by === 'terms' ? await topTerms(asking, by, counted, rest) : undefined
  return top ?? [...counted, ...(await tallyOf(asking, rest, by, counted.length > 0))]
}

/** With `all`, no term is left out. */
async function tallyOf(asking: Asking, sources: readonly Source[], by: Aggregation | null, all: boolean): Promise<readonly Tallied[]> {
  const { condition, where, span } = asking
  const wholeRows = (from: string, parameters: typeof condition.parameters) =>
    asking.tally({ sql: `SELECT * ${from}`, parameters, verify: where, by, clock: span.clock })
  const verify = asking.verified(sources)
  if (verify !== null && !condition.exact) return wholeRows(asking.candidates(sources), asking.parameters(sources))
  const undecided = verify !== null || (by !== null && hasOdd(sources))
  const statements = new Decided(asking, sources, fieldsOf(by), undecided).statements(by, all || undecided)
  const answers = await Promise.all(statements.map((statement) => asking.rows(statement)))
  const counted = answers
    .flat()
    .map(([key, part, count]) => ({ key: key as string | number, part: part as string | null, count: Number(count) }))
  if (!undecided) return counted
  const odd = `FROM ${fromSources(sources)} WHERE ${condition.base} AND ${condition.odd}`
  return [...counted, ...(await wholeRows(odd, condition.baseParameters))]
}

function fieldsOf(by: Aggregation | null): readonly string[] {
  const field = by?.by === 'terms' ? by.field : by?.split
  return field === undefined ? [] : [field]
}
