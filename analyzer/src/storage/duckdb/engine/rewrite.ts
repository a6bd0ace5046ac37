import type { DuckDBConnection } from '@duckdb/node-api'
import { readFile } from 'node:fs/promises'
import { quotedText } from '../catalogue.ts'
import type { Segment } from '../manifest.ts'
import { readSignatures, signaturePath } from '../signature-file.ts'
import type { EngineOperations } from './protocol.ts'
import { writeSegment, type SignatureOf } from './write-segment.ts'

/** SQL of the rows of segments, as it follows FROM. */
export function rowsOf(paths: readonly string[], keep: string): string {
  return `read_parquet([${paths.map(quotedText).join(', ')}], union_by_name = true) WHERE ${keep}`
}

/** The rows of some segments that are to be kept, as one segment; null where none is. Of several, the signatures are given. */
export async function rewriteSegments(
  connection: DuckDBConnection,
  { paths, keep, folder, name, events }: EngineOperations['rewrite']['ask'],
  signed: SignatureOf | undefined,
): Promise<Segment | null> {
  const rows = rowsOf(paths, keep)
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${rows}`)
  const kept = Number(reader.getRowsJS()[0]![0])
  // A wrong condition must not delete: whoever asks has counted.
  if (kept !== events) throw new Error(`${kept} events of ${paths.join(', ')} are to be kept instead of ${events}`)
  if (events === 0) return null
  if (paths.length > 1 && signed === undefined) throw new Error(`${paths.join(', ')} are to be one segment, and are not signed`)
  const segment = await writeSegment(connection, rows, folder, name, signed ?? (await signaturesOf(paths[0]!)))
  if (segment.events !== events) throw new Error(`${name} was written with other events than it was to have`)
  return segment
}

/** Those of the segment as it was: of fewer events they still rule out what is not there. */
async function signaturesOf(path: string): Promise<SignatureOf> {
  const file = await readFile(signaturePath(path)).catch(() => undefined)
  const parts = (file && readSignatures(file)) ?? []
  return (dataset, agency) => parts.find((part) => part.dataset === dataset && part.agency === agency)?.signature
}
