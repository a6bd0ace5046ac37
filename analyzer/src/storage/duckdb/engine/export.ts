import type { DuckDBConnection } from '@duckdb/node-api'
import { fromHot, hourMs, ownColumns } from '../catalogue.ts'
import { syncFolder } from '../log/files.ts'
import type { Segment } from '../manifest.ts'
import type { EngineOperations } from './protocol.ts'
import type { Signing } from './signing.ts'
import { writeSegment } from './write-segment.ts'

/** Writes the events of hot tables to segments, one for each hour of receipt. */
export async function exportSegments(
  connection: DuckDBConnection,
  { tables, folder, number, events }: EngineOperations['export']['ask'],
  signing: Signing | undefined,
): Promise<readonly Segment[]> {
  const segments: Segment[] = []
  const source = fromHot(tables)
  const { received } = ownColumns
  const hours = await connection.runAndReadAll(`SELECT DISTINCT ${received} // ${hourMs} FROM ${source} ORDER BY 1`)
  for (const hour of hours.getRowsJS().map(([value]) => Number(value))) {
    const rows = `${source} WHERE ${received} // ${hourMs} = ${hour}`
    const signatureOf = (dataset: string | null, agency: string | null) => signing?.signatureOf(hour, dataset, agency)
    segments.push(await writeSegment(connection, rows, folder, segmentName(hour, number), signatureOf))
  }
  const written = segments.reduce((sum, segment) => sum + segment.events, 0)
  if (written !== events) throw new Error(`the tables ${tables.join(', ')} hold ${written} events instead of ${events}`)
  await syncFolder(folder)
  return segments
}

/** `2026-11-22/09-000000123.parquet`: day and hour of receipt, UTC, and the number of the first log file. */
function segmentName(hour: number, number: number): string {
  const time = new Date(hour * hourMs).toISOString()
  return `${time.slice(0, 10)}/${time.slice(11, 13)}-${String(number).padStart(9, '0')}.parquet`
}
