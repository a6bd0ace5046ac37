import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { hourMs, ownColumns, quotedText } from '../catalogue.ts'
import type { Segment } from '../manifest.ts'
import { toRow } from '../row.ts'
import { readSignatures, signaturePath } from '../signature-file.ts'
import type { EngineOperations } from './protocol.ts'
import { wholeRows } from './read.ts'
import { Signing } from './signing.ts'
import { writeSegment, type SignatureOf } from './write-segment.ts'

/** The rows of some segments that are to be kept, as one segment; null where none is. */
export async function rewriteSegments(
  connection: DuckDBConnection,
  { paths, keep, folder, name, events }: EngineOperations['rewrite']['ask'],
): Promise<Segment | null> {
  const source = `read_parquet([${paths.map(quotedText).join(', ')}], union_by_name = true) WHERE ${keep}`
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${source}`)
  const kept = Number(reader.getRowsJS()[0]![0])
  // A wrong condition must not delete: whoever asks has counted.
  if (kept !== events) throw new Error(`${kept} events of ${paths.join(', ')} are to be kept instead of ${events}`)
  if (events === 0) return null
  const signatureOf = paths.length === 1 ? await signaturesOf(paths[0]!) : await signed(connection, source)
  const segment = await writeSegment(connection, source, folder, name, signatureOf)
  if (segment.events !== events) throw new Error(`${name} was written with other events than it was to have`)
  return segment
}

/** Those of the segment as it was: of fewer events they still rule out what is not there. */
async function signaturesOf(path: string): Promise<SignatureOf> {
  const file = await readFile(signaturePath(path)).catch(() => undefined)
  const parts = (file && readSignatures(file)) ?? []
  return (dataset, agency) => parts.find((part) => part.dataset === dataset && part.agency === agency)?.signature
}

/** Small bitmaps cannot become a larger one, so the events are read. */
async function signed(connection: DuckDBConnection, source: string): Promise<SignatureOf> {
  const signing = new Signing()
  let hour = 0
  for await (const event of wholeRows(connection, { sql: `SELECT * FROM ${source}`, parameters: [] })) {
    const row = toRow(event)
    if (row === undefined) continue
    hour = Math.floor((row[ownColumns.received] as number) / hourMs)
    signing.addEvent(event, row)
  }
  return (dataset, agency) => signing.signatureOf(hour, dataset, agency)
}
