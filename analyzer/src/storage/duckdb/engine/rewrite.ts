import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { join } from 'node:path'
import { catalogueNumber, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import type { Segment } from '../manifest.ts'
import { writeSegment } from './export.ts'
import type { EngineOperations } from './protocol.ts'

/** The rows of some segments that are to be kept, as one segment; null where none is. */
export async function rewriteSegments(
  connection: DuckDBConnection,
  { paths, keep, folder, name, events }: EngineOperations['rewrite']['ask'],
): Promise<Segment | null> {
  const source = `read_parquet([${paths.map(quotedText).join(', ')}], union_by_name = true) WHERE ${keep}`
  const { received, odd } = ownColumns
  const id = quotedName(fields.id)
  const reader = await connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (WHERE ${odd}), min(${received}), max(${received}), min(${id}), max(${id}) FROM ${source}`,
  )
  const [kept, oddEvents, from, to, first, last] = reader.getRowsJS()[0]!
  // A wrong condition must not delete: whoever asks has counted.
  if (Number(kept) !== events) throw new Error(`${Number(kept)} events of ${paths.join(', ')} are to be kept instead of ${events}`)
  if (events === 0) return null
  const { bytes, crc } = await writeSegment(connection, source, join(folder, name))
  const written = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${quotedText(join(folder, name))})`)
  if (Number(written.getRowsJS()[0]![0]) !== events) throw new Error(`${name} was written with other events than it was to have`)
  return {
    name,
    events,
    odd: Number(oddEvents),
    from: Number(from),
    to: Number(to),
    first: String(first),
    last: String(last),
    bytes,
    crc,
    catalogue: catalogueNumber,
  }
}
