import type { Aggregation } from '../event-store.ts'
import { aggregateStatements } from './aggregate.ts'
import { hasOdd, type Asking } from './asking.ts'
import type { Tallied } from './engine/protocol.ts'
import { fromSources, type Source } from './sources.ts'
import { countedFromSummaries } from './summary.ts'

/** Counts by key and part: from summaries what they know, by SQL what it can decide, and event by event the rest. */
export async function tally(asking: Asking, by: Aggregation | null): Promise<readonly Tallied[]> {
  const { counted, rest } = countedFromSummaries(asking.sources, asking.span, by)
  if (rest.length === 0) return counted
  return [...counted, ...(await tallyOf(asking, rest, by, counted.length > 0))]
}

/** With `all`, no term is left out. */
async function tallyOf(asking: Asking, sources: readonly Source[], by: Aggregation | null, all: boolean): Promise<readonly Tallied[]> {
  const { condition, where, span } = asking
  const parameters = asking.parameters(sources)
  const wholeRows = (from: string, bound: typeof parameters) =>
    asking.tally({ sql: `SELECT * ${from}`, parameters: bound, verify: where, by, clock: span.clock })
  const verify = asking.verified(sources)
  if (verify !== null && !condition.exact) return wholeRows(asking.candidates(sources), parameters)
  const undecided = verify !== null || (by !== null && hasOdd(sources))
  const wanted = parameters === condition.parameters ? ` AND ${condition.wanted}` : ''
  const fromSome = (some: readonly Source[]) => `FROM ${fromSources(some)} WHERE ${condition.base}`
  const decidedIn = (some: readonly Source[]) => `${fromSome(some)}${wanted}${undecided ? ` AND ${condition.odd} IS NOT TRUE` : ''}`
  const unnumbered = (field: string) => {
    const some = sources.filter(({ contents }) => contents.unnumbered?.includes(field) ?? true)
    return some.length === 0 ? undefined : decidedIn(some)
  }
  const statements = aggregateStatements(decidedIn(sources), parameters, by, span.clock, all || undecided, unnumbered)
  const answers = await Promise.all(statements.map((statement) => asking.rows(statement)))
  const counted = answers
    .flat()
    .map(([key, part, count]) => ({ key: key as string | number, part: part as string | null, count: Number(count) }))
  return undecided ? [...counted, ...(await wholeRows(`${fromSome(sources)} AND ${condition.odd}`, condition.baseParameters))] : counted
}
