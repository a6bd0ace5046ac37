import { fields, parseEventId } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { lanes, type Asking } from './asking.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { EventRows } from './engine/protocol.ts'
import { fromSources, lanesOf, type Source } from './sources.ts'

type Found = EventRows['events']

/** Sources read by one statement: each has its buffers. */
const widest = 64
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
  for (let width = 2; left.length > 0; width = Math.min(width * 4, widest)) {
    const last = found[wanted - 1]
    if (last !== undefined && !before(edge(left[0]!), last.id)) break
    const groups = lanesOf(left.splice(0, width), lanes)
    const more = await Promise.all(groups.map((sources) => pageOf(asking, sources, order, wanted, after)))
    found = [...found, ...more.flat()].toSorted((a, b) => (before(a.id, b.id) ? -1 : 1)).slice(0, wanted)
  }
  return found
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
    const sql = `SELECT ${id} ${asking.candidates(sources)}${rest} ORDER BY ${id} ${way} LIMIT ${size}`
    const ids = (await asking.rows({ sql, parameters })).map(([value]) => String(value))
    if (ids.length > 0) found.push(...(await wholeEvents(asking, sources, ids, verify)).toSorted(byId(order)))
    if (ids.length < size) break
    from = ids.at(-1)
  }
  return found.slice(0, wanted)
}

function byId(order: 'newest' | 'oldest') {
  return (a: Found[number], b: Found[number]) => (a.id < b.id === (order === 'oldest') ? -1 : 1)
}

/** The events with the ids that satisfy `verify`, in no order. */
export async function wholeEvents(
  asking: Asking,
  sources: readonly Source[],
  ids: readonly string[],
  verify: Expression | null,
): Promise<Found> {
  const holders = sources.filter(({ contents }) => ids.some((each) => each >= contents.first && each <= contents.last))
  const times = ids.map((each) => parseEventId(each)?.receivedMs ?? 0)
  const [from, to] = times.reduce(([low, high], time) => [Math.min(low, time), Math.max(high, time)] as const, [
    Infinity,
    -Infinity,
  ] as const)
  const sql = `SELECT * FROM ${fromSources(holders)} WHERE ${ownColumns.received} BETWEEN ${from} AND ${to} AND ${id} IN (${ids.map(quotedText).join(', ')})`
  return asking.events({ sql, parameters: [] }, verify)
}
