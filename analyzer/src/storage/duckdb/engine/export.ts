import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { catalogueNumber, fromHot, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { syncFolder } from '../log/files.ts'
import type { Contents } from '../contents.ts'
import type { Segment } from '../manifest.ts'
import type { EngineOperations } from './protocol.ts'

const hourMs = 3_600_000
const rowGroup = 16_384

/** Sorted by dataset within the hour: like lines lie together and compress, and a query on one dataset skips the others' row groups. */
export async function exportSegments(
  connection: DuckDBConnection,
  { tables, folder, number, events }: EngineOperations['export']['ask'],
): Promise<readonly Segment[]> {
  const segments: Segment[] = []
  const source = fromHot(tables)
  for (const { hour, contents } of await hoursOf(connection, source)) {
    const name = segmentName(hour, number)
    const { bytes, crc } = await writeSegment(
      connection,
      `${source} WHERE ${ownColumns.received} // ${hourMs} = ${hour}`,
      join(folder, name),
    )
    segments.push({ name, ...contents, bytes, crc, catalogue: catalogueNumber })
  }
  const written = segments.reduce((sum, segment) => sum + segment.events, 0)
  if (written !== events) throw new Error(`the tables ${tables.join(', ')} hold ${written} events instead of ${events}`)
  await syncFolder(folder)
  return segments
}

/** Writes what follows FROM to a file; durable under its name, or not there. */
export async function writeSegment(
  connection: DuckDBConnection,
  rows: string,
  path: string,
): Promise<{ readonly bytes: number; readonly crc: string }> {
  // Of this process alone: an engine that has lost its store may live for another moment.
  const unfinished = `${path}.${process.pid}.new`
  await mkdir(dirname(path), { recursive: true })
  try {
    await connection.run(
      `COPY (SELECT * FROM ${rows} ORDER BY ${quotedName(fields.dataset)}, ${quotedName(fields.id)})
       TO ${quotedText(unfinished)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE ${rowGroup})`,
    )
    const sums = await checksumOf(unfinished)
    await makeDurable(unfinished, path)
    return sums
  } catch (error) {
    // On a full disk, what was begun would take the space that others wait for.
    await rm(unfinished, { force: true })
    throw error
  }
}

async function hoursOf(connection: DuckDBConnection, source: string): Promise<{ readonly hour: number; readonly contents: Contents }[]> {
  const { received, odd } = ownColumns
  const id = quotedName(fields.id)
  const reader = await connection.runAndReadAll(
    `SELECT ${received} // ${hourMs}, count(*), count(*) FILTER (WHERE ${odd}), min(${received}), max(${received}), min(${id}), max(${id})
     FROM ${source} GROUP BY 1 ORDER BY 1`,
  )
  return reader.getRowsJS().map(([hour, events, oddEvents, from, to, first, last]) => ({
    hour: Number(hour),
    contents: {
      events: Number(events),
      odd: Number(oddEvents),
      from: Number(from),
      to: Number(to),
      first: String(first),
      last: String(last),
    },
  }))
}

/** `2026-11-22/09-000000123.parquet`: day and hour of receipt, UTC, and the number of the first log file. */
function segmentName(hour: number, number: number): string {
  const time = new Date(hour * hourMs).toISOString()
  return `${time.slice(0, 10)}/${time.slice(11, 13)}-${String(number).padStart(9, '0')}.parquet`
}

async function makeDurable(unfinished: string, path: string): Promise<void> {
  const file = await open(unfinished, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  await syncFolder(dirname(path))
}

export async function checksumOf(path: string): Promise<{ readonly bytes: number; readonly crc: string }> {
  let bytes = 0
  let crc = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    crc = crc32(chunk, crc)
  }
  return { bytes, crc: crc.toString(16).padStart(8, '0') }
}
