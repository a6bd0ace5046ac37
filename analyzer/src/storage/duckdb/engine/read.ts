import { JSDuckDBValueConverter, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api'
import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import { evaluate, textOf, valuesOf, type Scalar } from '@vonggac/sigma'
import type { Aggregation } from '../../event-store.ts'
import { catalogue } from '../catalogue.ts'
import type { Span } from '../condition.ts'
import { occurredAt } from '../moment.ts'
import { fromRow, type Row } from '../row.ts'
import type { EngineOperations, EventRows, Measured, Statement, Tallied } from './protocol.ts'

export async function readRows(connection: DuckDBConnection, { sql, parameters }: Statement): Promise<EngineOperations['rows']['answer']> {
  const reader = await connection.runAndReadAll(sql, [...parameters])
  return reader.getRowsJS().map((row) => row.map(plain))
}

export async function readEvents(
  connection: DuckDBConnection,
  { verify, ...statement }: EngineOperations['events']['ask'],
): Promise<EventRows> {
  const events: { id: string; json: string }[] = []
  for await (const event of wholeRows(connection, statement)) {
    if (verify === null || evaluate(verify, event)) events.push({ id: String(event[fields.id]), json: JSON.stringify(event) })
  }
  return { events }
}

export async function tallyEvents(
  connection: DuckDBConnection,
  { verify, by, clock, ...statement }: EngineOperations['tally']['ask'],
): Promise<readonly Tallied[]> {
  const counts = new Map<string, { key: Exclude<Scalar, null>; part: string | null; count: number }>()
  for await (const event of wholeRows(connection, statement)) {
    if (!evaluate(verify, event)) continue
    for (const key of keysOf(event, by, clock)) {
      for (const part of [null, ...partsOf(event, by)]) {
        const place = JSON.stringify([key, part])
        const tallied = counts.get(place) ?? { key, part, count: 0 }
        tallied.count++
        counts.set(place, tallied)
      }
    }
  }
  return [...counts.values()]
}

/** More different values than this are not sent. */
const mostTexts = 100_000

export async function measureEvents(
  connection: DuckDBConnection,
  { verify, field, ...statement }: EngineOperations['measure']['ask'],
): Promise<Measured> {
  const texts = new Set<string>()
  let [events, more, count, minimum, maximum, sum] = [0, false, 0, Infinity, -Infinity, 0]
  for await (const event of wholeRows(connection, statement)) {
    if (!evaluate(verify, event)) continue
    const values = valuesOf(event, field)
    if (values.some((value) => value !== null)) events++
    for (const text of textsOf(event, field)) {
      if (texts.size < mostTexts) texts.add(text)
      else more ||= !texts.has(text)
    }
    for (const value of catalogue.get(field) === 'text' || catalogue.get(field) === 'texts' ? [] : values) {
      if (typeof value !== 'number') continue
      count++
      minimum = Math.min(minimum, value)
      maximum = Math.max(maximum, value)
      sum += value
    }
  }
  return { events, texts: [...texts], more, numbers: count === 0 ? null : { count, minimum, maximum, sum } }
}

function keysOf(event: FlatEvent, by: Aggregation | null, clock: Span['clock']): Iterable<string | number> {
  if (by === null) return ['']
  if (by.by === 'terms') return textsOf(event, by.field)
  const width = by.bucketSeconds * 1000
  const moment = clock === 'received' ? parseEventId(String(event[fields.id]))?.receivedMs : occurredAt(event[fields.timestamp])
  return [Math.floor((moment ?? 0) / width) * width]
}

function partsOf(event: FlatEvent, by: Aggregation | null): Iterable<string> {
  return by?.by === 'time' && by.split !== undefined ? textsOf(event, by.split) : []
}

function textsOf(event: FlatEvent, field: string): Set<string> {
  return new Set(valuesOf(event, field).flatMap((value) => textOf(value) ?? []))
}

/** Chunk by chunk, as the engine makes them: what has been read is let go. */
async function* wholeRows(connection: DuckDBConnection, { sql, parameters }: Statement): AsyncGenerator<FlatEvent> {
  const result = await connection.stream(sql, [...parameters])
  const names = result.columnNames()
  for await (const chunk of result) for (const row of rowsOf(chunk, names)) yield fromRow(row)
}

/** Only the values that are there: most of a row's hundred columns are NULL. */
function rowsOf(chunk: DuckDBDataChunk, names: readonly string[]): Row[] {
  const rows: Row[] = Array.from({ length: chunk.rowCount }, () => ({}))
  for (const [n, values] of chunk.convertColumns(JSDuckDBValueConverter).entries()) {
    for (const [at, value] of values.entries()) if (value !== null) rows[at]![names[n]!] = value
  }
  return rows
}

function plain(value: unknown): Scalar {
  return typeof value === 'bigint' ? Number(value) : (value as Scalar)
}
