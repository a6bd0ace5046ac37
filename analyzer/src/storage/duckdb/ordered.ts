import { fields } from '@vonggac/contract'
import type { Scalar } from '@vonggac/sigma'
import type { FieldOrder } from '../event-store.ts'
import type { Asking } from './asking.ts'
import { quotedName } from './catalogue.ts'
import type { Statement } from './engine/protocol.ts'
import { wholeEvents, type Located } from './page.ts'
import { placeColumns, type Source } from './sources.ts'
import { sortKeys } from './values.ts'

/** An event's place in a sorted list. */
export interface Place {
  readonly number: number | null
  readonly text: string | null
  readonly id: string
}

type LocatedPlace = Place & Located

export interface Placed {
  readonly place: Place
  readonly json: string
}

const id = quotedName(fields.id)

/** The next events of a list sorted by a field: the places from the few columns that decide, then the whole rows of those alone. */
export async function pageByField(asking: Asking, order: FieldOrder, wanted: number, after: Place | undefined): Promise<readonly Placed[]> {
  const verify = asking.verified(asking.sources)
  const size = asking.pageSize(wanted, verify)
  const found: Placed[] = []
  for (let from = after; found.length < wanted;) {
    const places = await nextPlaces(asking, order, size, from)
    if (places.length > 0) {
      const events = await wholeEvents(asking, asking.sources, places, verify)
      const byId = new Map(events.map((event) => [event.id, event.json]))
      for (const { number, text, id: eventId } of places) {
        const json = byId.get(eventId)
        if (json !== undefined) found.push({ place: { number, text, id: eventId }, json })
      }
    }
    if (places.length < size) break
    from = places.at(-1)
  }
  return found.slice(0, wanted)
}

/** The first of the hot tables and the first of the segments, of which the first are those of both. */
async function nextPlaces(asking: Asking, order: FieldOrder, size: number, after: Place | undefined): Promise<LocatedPlace[]> {
  const rows = await asking.rowsApart(asking.sources, (some) => placesIn(asking, some, order, size, after))
  const places = rows.map(([number, text, eventId, file, row]): LocatedPlace => ({
    number: number as number | null,
    text: text as string | null,
    id: String(eventId),
    file: file as string | null,
    row: Number(row),
  }))
  return places.toSorted(before(order.direction === 'descending')).slice(0, size)
}

function placesIn(
  asking: Asking,
  sources: readonly Source[],
  { field, direction }: FieldOrder,
  size: number,
  after: Place | undefined,
): Statement {
  const down = direction === 'descending'
  const { sql: number, text, bound } = sortKeys(field, down, asking.parameters(sources))
  const parameters: Scalar[] = [...bound]
  const way = down ? 'DESC' : 'ASC'
  const rest = after === undefined ? '' : `WHERE ${beyond(after, down, parameters)}`
  const { file, row } = placeColumns
  const sql = `SELECT number, text, id, ${file}, ${row}
    FROM (SELECT ${number} AS number, ${text} AS text, ${id} AS id, ${file}, ${row} ${asking.candidates(sources, [field])}) ${rest}
    ORDER BY number ${way} NULLS LAST, text ${way} NULLS LAST, id LIMIT ${size}`
  return { sql, parameters }
}

/** As SQL orders them: texts by their bytes. */
function before(down: boolean) {
  const sign = down ? -1 : 1
  return (a: Place, b: Place): number => {
    if (a.number !== b.number) return a.number === null ? 1 : b.number === null ? -1 : sign * (a.number - b.number)
    if (a.text !== b.text) {
      if (a.text === null || b.text === null) return a.text === null ? 1 : -1
      return sign * Buffer.compare(Buffer.from(a.text), Buffer.from(b.text))
    }
    return a.id < b.id ? -1 : 1
  }
}

/** SQL of what stands behind a place. */
function beyond({ number, text, id: lastId }: Place, down: boolean, parameters: Scalar[]): string {
  const bind = (value: Scalar) => `$${parameters.push(value)}`
  const sign = down ? '<' : '>'
  const behindId = `id > ${bind(lastId)}`
  if (number !== null) {
    const value = `CAST(${bind(String(number))} AS DOUBLE)`
    return `(number ${sign} ${value} OR (number = ${value} AND ${behindId}) OR number IS NULL)`
  }
  if (text !== null) {
    const value = bind(text)
    return `(number IS NULL AND (text ${sign} ${value} OR (text = ${value} AND ${behindId}) OR text IS NULL))`
  }
  return `(number IS NULL AND text IS NULL AND ${behindId})`
}
