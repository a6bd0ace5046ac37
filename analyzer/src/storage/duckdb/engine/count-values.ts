import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { countedFields, fieldsByMinute, mostValues, mostValuesByMinute, mostValuesOf, type ValueCounts } from '../value-counts.ts'

/** A part of a segment whose values are to be counted. */
interface Counted {
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

const minuteMs = 60_000
const { received, odd } = ownColumns
const [dataset, agency] = [quotedName(fields.dataset), quotedName(fields.agency)]

/** Of each part, in their order; null for a part with odd rows. */
export async function countValues(
  connection: DuckDBConnection,
  path: string,
  columns: ReadonlySet<string>,
  parts: readonly Counted[],
): Promise<readonly (readonly ValueCounts[] | null)[]> {
  const from = `FROM read_parquet(${quotedText(path)})`
  const ask = async (statements: readonly string[]) =>
    statements.length === 0 ? [] : (await connection.runAndReadAll(statements.join(' UNION ALL '))).getRowsJS()
  const oddRows = await ask([`SELECT DISTINCT ${dataset}, ${agency} ${from} WHERE ${odd}`])
  const oddParts = new Set(oddRows.map(([of, by]) => keyOf(of, by)))
  const present = [...countedFields].filter((field) => columns.has(field))
  const found = new Map(present.map((field) => [field, new Map<string, Values>()]))
  for (const [field, of, by, text, count] of await ask(present.map((name) => countsOf(from, name)))) {
    const values = found.get(String(field))!
    const key = keyOf(of, by)
    let part = values.get(key)
    if (part === undefined) values.set(key, (part = { texts: [], counts: [], minutes: new Map() }))
    part.texts.push(String(text))
    part.counts.push(Number(count))
  }
  const byMinute = present.filter((field) => parts.some((part) => isCountedByMinute(field, found.get(field)!.get(partKey(part)), part)))
  for (const [field, of, by, text, minute, count] of await ask(byMinute.map((name) => minutesOf(from, name)))) {
    const { minutes } = found.get(String(field))!.get(keyOf(of, by))!
    const ofText = minutes.get(String(text)) ?? new Map<number, number>()
    minutes.set(String(text), ofText.set(Number(minute), Number(count)))
  }
  return parts.map((part) => {
    if (oddParts.has(partKey(part))) return null
    return present.flatMap((field) => {
      const values = found.get(field)!.get(partKey(part))
      return values === undefined ? [] : [valueCounts(field, values, part)]
    })
  })
}

/** SQL of the most frequent values by part, one more than are kept, in the order of their counts: of equal counts, any. */
function countsOf(from: string, field: string): string {
  const column = quotedName(field)
  const most = mostValues + 1
  return `SELECT ${quotedText(field)}, ${dataset}, ${agency}, unnest(max_by(text, n, ${most})), unnest(max(n, ${most})) FROM
    (SELECT ${dataset}, ${agency}, CAST(${column} AS VARCHAR) AS text, count(*) AS n ${from} WHERE ${column} IS NOT NULL GROUP BY 1, 2, 3) GROUP BY 2, 3`
}

function minutesOf(from: string, field: string): string {
  const column = quotedName(field)
  return `SELECT ${quotedText(field)}, ${dataset}, ${agency}, CAST(${column} AS VARCHAR), CAST(floor(${received} / ${minuteMs}) AS BIGINT), count(*)
    ${from} WHERE ${column} IS NOT NULL GROUP BY ALL`
}

function valueCounts(field: string, { texts, counts, minutes }: Values, part: Counted): ValueCounts {
  const most = mostValuesOf(part.events)
  if (texts.length > most) {
    // Of those that are as rare as the first that is left out, some would be kept by chance.
    const others = counts[most]!
    const kept = counts.findIndex((count) => count <= others)
    return { field, texts: texts.slice(0, kept), counts: counts.slice(0, kept), minutes: null, others }
  }
  const inMinutes = (text: string) => everySecond(part.received, 0).map((minute) => minutes.get(text)?.get(minute) ?? 0)
  if (isConstant({ texts, counts }, part)) return { field, texts, counts, minutes: [everySecond(part.received, 1)], others: 0 }
  const byMinute = isCountedByMinute(field, { texts, counts }, part) ? texts.map(inMinutes) : null
  return { field, texts, counts, minutes: byMinute, others: 0 }
}

function isCountedByMinute(field: string, values: Pick<Values, 'texts' | 'counts'> | undefined, part: Counted): boolean {
  if (values === undefined || !fieldsByMinute.has(field)) return false
  return values.texts.length <= mostValuesByMinute && !isConstant(values, part)
}

function isConstant({ texts, counts }: Pick<Values, 'texts' | 'counts'>, { events }: Counted): boolean {
  return texts.length === 1 && counts[0] === events
}

function everySecond(pairs: readonly number[], from: 0 | 1): number[] {
  return pairs.filter((_, at) => at % 2 === from)
}

function partKey({ dataset: of, agency: by }: Counted): string {
  return keyOf(of, by)
}

function keyOf(ofDataset: unknown, ofAgency: unknown): string {
  return JSON.stringify([ofDataset, ofAgency])
}
