import { fields } from '@vonggac/contract'
import type { Scalar } from '@vonggac/sigma'
import type { FieldOrder } from '../event-store.ts'
import type { Asking } from './asking.ts'
import { quotedName } from './catalogue.ts'
import { wholeEvents, type Located } from './page.ts'
import { placeColumns } from './sources.ts'
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

async function nextPlaces(
  asking: Asking,
  { field, direction }: FieldOrder,
  size: number,
  after: Place | undefined,
): Promise<LocatedPlace[]> {
  const down = direction === 'descending'
  const { sql: number, text, bound } = sortKeys(field, down, asking.parameters(asking.sources))
  const parameters: Scalar[] = [...bound]
  const way = down ? 'DESC' : 'ASC'
  const rest = after === undefined ? '' : `WHERE ${beyond(after, down, parameters)}`
  const { file, row } = placeColumns
  const sql = `SELECT number, text, id, ${file}, ${row}
    FROM (SELECT ${number} AS number, ${text} AS text, ${id} AS id, ${file}, ${row} ${asking.candidates(asking.sources, [field])}) ${rest}
    ORDER BY number ${way} NULLS LAST, text ${way} NULLS LAST, id LIMIT ${size}`
  const rows = await asking.rows({ sql, parameters })
  return rows.map(([ofNumber, ofText, ofId, path, at]) => ({
    number: ofNumber as number | null,
    text: ofText as string | null,
    id: String(ofId),
    file: path as string | null,
    row: Number(at),
  }))
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
