import { fields, parseEventId } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { Asking } from './asking.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { EventRows } from './engine/protocol.ts'
import { fromRows, placeColumns, type Source } from './sources.ts'

type Found = EventRows['events']

/** Sources read by one statement: each has its buffers. */
const widest = 64
/** Read at first; where what is wanted is rare, the newest few would hardly make a page. */
const [fewest, fewestRare] = [2, 16]
const id = quotedName(fields.id)

/** Walks the sources in the order of their ids, a growing number at a time, until no other can hold an earlier event of the page. */
export async function pageById(asking: Asking, order: 'newest' | 'oldest', wanted: number, after: string | undefined): Promise<Found> {
  const newest = order === 'newest'
  const before = (a: string, b: string) => (newest ? a > b : a < b)
  const edge = ({ contents }: Source) => (newest ? contents.last : contents.first)
  const left = asking.sources
    .filter(({ contents }) => after === undefined || before(after, newest ? contents.first : contents.last))
    .toSorted((a, b) => (before(edge(a), edge(b)) ? -1 : 1))
  let found: Found = []
  for (let width = asking.rare ? fewestRare : fewest; left.length > 0; width = Math.min(width * 4, widest)) {
    const last = found[wanted - 1]
    if (last !== undefined && !before(edge(left[0]!), last.id)) break
    const more = await pageOf(asking, left.splice(0, alikeIn(left, width)), order, wanted, after)
    found = [...found, ...more].toSorted((a, b) => (before(a.id, b.id) ? -1 : 1)).slice(0, wanted)
  }
  return found
}

/** How many of the first are all hot tables or all segments: statements on segments alone cost less. */
function alikeIn(sources: readonly Source[], most: number): number {
  const other = sources.findIndex(({ table }) => 'hot' in table !== 'hot' in sources[0]!.table)
  return Math.min(most, other < 0 ? sources.length : other)
}

/** First the ids, from the few columns that decide; then the whole rows of those alone. */
async function pageOf(
  asking: Asking,
  sources: readonly Source[],
  order: 'newest' | 'oldest',
  wanted: number,
  after: string | undefined,
): Promise<Found> {
  const found: Found[number][] = []
  const verify = asking.verified(sources)
  const size = asking.pageSize(wanted, verify)
  const [beyond, way] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC']
  for (let from = after; found.length < wanted;) {
    const bound = asking.parameters(sources)
    const parameters = from === undefined ? bound : [...bound, from]
    const rest = from === undefined ? '' : ` AND ${id} ${beyond} $${parameters.length}`
    const { file, row } = placeColumns
    const sql = `SELECT ${id}, ${file}, ${row} ${asking.candidates(sources, [])}${rest} ORDER BY ${id} ${way} LIMIT ${size}`
    const located = (await asking.rows(sources, { sql, parameters })).map(([eventId, path, number]): Located => ({
      id: String(eventId),
      file: path as string | null,
      row: Number(number),
    }))
    if (located.length > 0) found.push(...(await wholeEvents(asking, sources, located, verify)).toSorted(byId(order)))
    if (located.length < size) break
    from = located.at(-1)!.id
  }
  return found.slice(0, wanted)
}

function byId(order: 'newest' | 'oldest') {
  return (a: Found[number], b: Found[number]) => (a.id < b.id === (order === 'oldest') ? -1 : 1)
}

/** A row that may be an event wanted. */
export interface Located {
  readonly id: string
  /** Of its segment; null for a hot table. */
  readonly file: string | null
  readonly row: number
}

/** The events of the rows that satisfy `verify`, in no order. */
export async function wholeEvents(
  asking: Asking,
  sources: readonly Source[],
  located: readonly Located[],
  verify: Expression | null,
): Promise<Found> {
  const rows = new Map<string, number[]>()
  const hot: string[] = []
  for (const { id: eventId, file, row } of located) {
    if (file === null) hot.push(eventId)
    else if (rows.has(file)) rows.get(file)!.push(row)
    else rows.set(file, [row])
  }
  const times = hot.map((each) => parseEventId(each)?.receivedMs ?? 0)
  const [from, to] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)] as const, [
    Infinity,
    -Infinity,
  ] as const)
  const condition = `${ownColumns.received} BETWEEN ${from} AND ${to} AND ${id} IN (${hot.map(quotedText).join(', ')})`
  const holding = sources.filter(({ table }) => ('path' in table ? rows.has(table.path) : hot.length > 0))
  return asking.events(holding, (some) => ({ sql: `SELECT * FROM ${fromRows(some, rows, condition)}`, parameters: [] }), verify)
}
