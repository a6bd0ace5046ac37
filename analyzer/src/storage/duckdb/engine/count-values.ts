import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { countedFields, mostValues, mostValuesByMinute, type ValueCounts } from '../value-counts.ts'

/** A part of a segment whose values are to be counted. */
export interface Counted {
  readonly dataset: string | null
  readonly agency: string | null
  readonly events: number
  /** Minutes of receipt with their events, in pairs. */
  readonly received: readonly number[]
}

interface Values {
  readonly texts: string[]
  readonly counts: number[]
  /** Of each text, by minute; empty where nobody asked. */
  readonly minutes: Map<string, Map<number, number>>
}

type Ask = (sql: string) => Promise<unknown[][]>

const minuteMs = 60_000
const { received, odd } = ownColumns
const [dataset, agency] = [quotedName(fields.dataset), quotedName(fields.agency)]

/** Of each part, in their order; null for a part with odd rows. Column after column, so that few of them are in memory at a time. */
export async function countValues(
  connection: DuckDBConnection,
  path: string,
  columns: ReadonlySet<string>,
  parts: readonly Counted[],
): Promise<readonly (readonly ValueCounts[] | null)[]> {
  const from = `FROM read_parquet(${quotedText(path)})`
  const ask: Ask = async (sql) => (await connection.runAndReadAll(sql)).getRowsJS()
  const oddParts = new Set((await ask(`SELECT DISTINCT ${dataset}, ${agency} ${from} WHERE ${odd}`)).map(([of, by]) => keyOf(of, by)))
  const counts = parts.map((): ValueCounts[] => [])
  for (const field of countedFields) {
    if (!columns.has(field)) continue
    const values = await valuesOf(ask, from, quotedName(field))
    const byMinute = parts.some((part) => {
      const own = values.get(keyOf(part.dataset, part.agency))
      return own !== undefined && hasFew(own) && !isConstant(own, part)
    })
    if (byMinute) await addMinutes(ask, from, quotedName(field), values)
    for (const [n, part] of parts.entries()) {
      const own = values.get(keyOf(part.dataset, part.agency))
      if (own !== undefined) counts[n]!.push(valueCounts(field, own, part))
    }
  }
  return parts.map((part, n) => (oddParts.has(keyOf(part.dataset, part.agency)) ? null : counts[n]!))
}

/** The most frequent values by part, one more than are kept. */
async function valuesOf(ask: Ask, from: string, column: string): Promise<ReadonlyMap<string, Values>> {
  const rows = await ask(
    `SELECT ${dataset}, ${agency}, CAST(${column} AS VARCHAR) AS text, count(*) AS n ${from} WHERE ${column} IS NOT NULL GROUP BY 1, 2, 3
     QUALIFY row_number() OVER (PARTITION BY ${dataset}, ${agency} ORDER BY n DESC, text) <= ${mostValues + 1} ORDER BY n DESC, text`,
  )
  const parts = new Map<string, Values>()
  for (const [of, by, text, count] of rows) {
    const key = keyOf(of, by)
    let part = parts.get(key)
    if (part === undefined) parts.set(key, (part = { texts: [], counts: [], minutes: new Map() }))
    part.texts.push(String(text))
    part.counts.push(Number(count))
  }
  return parts
}

async function addMinutes(ask: Ask, from: string, column: string, values: ReadonlyMap<string, Values>): Promise<void> {
  const few = new Set([...values.values()].filter(hasFew).flatMap(({ texts }) => texts))
  const text = `CAST(${column} AS VARCHAR)`
  const rows = await ask(
    `SELECT ${dataset}, ${agency}, ${text}, CAST(floor(${received} / ${minuteMs}) AS BIGINT), count(*) ${from}
     WHERE ${text} IN (${[...few].map(quotedText).join(', ')}) GROUP BY ALL`,
  )
  for (const [of, by, value, minute, count] of rows) {
    const { minutes } = values.get(keyOf(of, by))!
    const ofText = minutes.get(String(value)) ?? new Map<number, number>()
    minutes.set(String(value), ofText.set(Number(minute), Number(count)))
  }
}

function valueCounts(field: string, { texts, counts, minutes }: Values, part: Counted): ValueCounts {
  if (texts.length > mostValues) {
    // Of those that are as rare as the first that is left out, some would be kept by chance.
    const others = counts[mostValues]!
    const kept = counts.findIndex((count) => count <= others)
    return { field, texts: texts.slice(0, kept), counts: counts.slice(0, kept), minutes: null, others }
  }
  const inMinutes = (text: string) => everySecond(part.received, 0).map((minute) => minutes.get(text)?.get(minute) ?? 0)
  const byMinute = isConstant({ texts, counts }, part) ? [everySecond(part.received, 1)] : hasFew({ texts }) ? texts.map(inMinutes) : null
  return { field, texts, counts, minutes: byMinute, others: 0 }
}

function hasFew({ texts }: Pick<Values, 'texts'>): boolean {
  return texts.length <= mostValuesByMinute
}

function isConstant({ texts, counts }: Pick<Values, 'texts' | 'counts'>, { events }: Counted): boolean {
  return texts.length === 1 && counts[0] === events
}

function everySecond(pairs: readonly number[], from: 0 | 1): number[] {
  return pairs.filter((_, at) => at % 2 === from)
}

function keyOf(ofDataset: unknown, ofAgency: unknown): string {
  return JSON.stringify([ofDataset, ofAgency])
}
