import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { catalogueNumber, ipv4Columns, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { syncFolder } from '../log/files.ts'
import type { Segment } from '../manifest.ts'
import { signaturePath, writeSignatures, type SegmentPart } from '../signature-file.ts'
import type { Signature } from '../signature.ts'
import { countValues } from './count-values.ts'

/** For one row, every column of its row group is read: four times as many rows would save 3 bytes an event, and cost a third more to fetch. */
const rowGroup = 4_096
const minuteMs = 60_000
/** Of events that came late: with more minutes than that, a summary is no shorter than what it sums up. */
const mostMinutes = 1_000
/** The manifest is held in memory. */
const mostParts = 500

const { received, occurred, odd } = ownColumns
const [id, dataset, agency] = [quotedName(fields.id), quotedName(fields.dataset), quotedName(fields.agency)]

/** What is known of a part of the rows before they are read again. */
export type SignatureOf = (dataset: string | null, agency: string | null) => Signature | undefined

/**
 * Writes what follows FROM to a segment and its signatures; durable under their names, or not there. Sorted by dataset and agency: like lines lie
 * together and compress, and a query on some of them skips the others' row groups.
 */
export async function writeSegment(
  connection: DuckDBConnection,
  rows: string,
  folder: string,
  name: string,
  signatureOf: SignatureOf,
): Promise<Segment> {
  const path = join(folder, name)
  // Of this process alone: an engine that has lost its store may live for another moment.
  const unfinished = `${path}.${process.pid}.new`
  const unfinishedSignatures = `${signaturePath(path)}.${process.pid}.new`
  await mkdir(dirname(path), { recursive: true })
  try {
    // To keep the order exactly, DuckDB would hold all rows beside the sorted ones, 300 MB of 65,536. What it writes instead are sorted runs.
    await connection.run(
      `COPY (SELECT * FROM ${rows} ORDER BY ${dataset}, ${agency}, ${id})
       TO ${quotedText(unfinished)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE ${rowGroup}, PRESERVE_ORDER false)`,
    )
    const columns = await columnsOf(connection, unfinished)
    const contents = { ...(await contentsOf(connection, unfinished)), unnumbered: await unnumberedIn(connection, unfinished, columns) }
    const parts = await partsOf(connection, unfinished)
    const counts = await countValues(connection, unfinished, columns, parts)
    const signed = parts.map((part, n) => ({ ...part, counts: counts[n]!, signature: signatureOf(part.dataset, part.agency) }))
    await writeFile(unfinishedSignatures, writeSignatures(signed))
    const sums = await checksumOf(unfinished)
    await makeDurable(unfinishedSignatures, signaturePath(path))
    await makeDurable(unfinished, path)
    const brief = parts.map((part) => ({ dataset: part.dataset, agency: part.agency, events: part.events, from: part.from, to: part.to }))
    return { name, ...contents, ...sums, catalogue: catalogueNumber, ...(brief.length <= mostParts && { parts: brief }) }
  } catch (error) {
    // On a full disk, what was begun would take the space that others wait for.
    for (const begun of [unfinished, unfinishedSignatures]) await rm(begun, { force: true })
    throw error
  }
}

async function contentsOf(connection: DuckDBConnection, path: string) {
  const reader = await connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (WHERE ${odd}), min(${received}), max(${received}), min(${id}), max(${id}), min(${occurred}), max(${occurred})
     FROM read_parquet(${quotedText(path)})`,
  )
  const [events, oddEvents, from, to, first, last, earliest, latest] = reader.getRowsJS()[0]!
  return {
    events: Number(events),
    odd: Number(oddEvents),
    from: Number(from),
    to: Number(to),
    first: String(first),
    last: String(last),
    occurred: earliest === null ? null : { from: Number(earliest), to: Number(latest) },
  }
}

async function columnsOf(connection: DuckDBConnection, path: string): Promise<ReadonlySet<string>> {
  return new Set((await connection.runAndReadAll(`SELECT * FROM read_parquet(${quotedText(path)}) LIMIT 0`)).columnNames())
}

async function unnumberedIn(connection: DuckDBConnection, path: string, columns: ReadonlySet<string>): Promise<string[]> {
  const present = [...ipv4Columns].filter(([field]) => columns.has(field))
  if (present.length === 0) return []
  const counts = present.map(([field, number]) => {
    const numbered = columns.has(number) ? `count(${quotedName(number)})` : '0'
    return `count(${quotedName(field)}) - ${numbered}`
  })
  const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM read_parquet(${quotedText(path)})`)
  return present.flatMap(([field], n) => (Number(reader.getRowsJS()[0]![n]) > 0 ? [field] : []))
}

type CountedPart = Omit<SegmentPart, 'signature' | 'counts'> & { readonly from: number; readonly to: number }

async function partsOf(connection: DuckDBConnection, path: string): Promise<readonly CountedPart[]> {
  const minute = (column: string) => `CAST(floor(${column} / ${minuteMs}) AS BIGINT)`
  const reader = await connection.runAndReadAll(
    `SELECT ${dataset}, ${agency}, ${minute(received)} AS minute, ${minute(occurred)} AS then, count(*), min(${received}), max(${received})
     FROM read_parquet(${quotedText(path)}) GROUP BY 1, 2, 3, 4 ORDER BY 3, 4`,
  )
  const parts = new Map<string, Counting>()
  for (const [ofDataset, ofAgency, minute, then, count, from, to] of reader.getRowsJS() as [
    string | null,
    string | null,
    bigint,
    bigint | null,
    bigint,
    bigint,
    bigint,
  ][]) {
    const key = JSON.stringify([ofDataset, ofAgency])
    let part = parts.get(key)
    if (part === undefined) parts.set(key, (part = new Counting(ofDataset, ofAgency)))
    part.add(Number(minute), then === null ? null : Number(then), Number(count), Number(from), Number(to))
  }
  return [...parts.values()].map((part) => part.counted)
}

class Counting {
  readonly #dataset: string | null
  readonly #agency: string | null
  readonly #received = new Map<number, number>()
  #occurred: Map<number, number> | null = new Map<number, number>()
  #events = 0
  #from = Infinity
  #to = -Infinity

  constructor(ofDataset: string | null, ofAgency: string | null) {
    this.#dataset = ofDataset
    this.#agency = ofAgency
  }

  add(minute: number, then: number | null, count: number, from: number, to: number): void {
    this.#events += count
    this.#from = Math.min(this.#from, from)
    this.#to = Math.max(this.#to, to)
    this.#received.set(minute, (this.#received.get(minute) ?? 0) + count)
    if (then === null || (this.#occurred?.size ?? 0) > mostMinutes) this.#occurred = null
    this.#occurred?.set(then!, (this.#occurred.get(then!) ?? 0) + count)
  }

  get counted(): CountedPart {
    return {
      dataset: this.#dataset,
      agency: this.#agency,
      events: this.#events,
      from: this.#from,
      to: this.#to,
      received: [...this.#received].flat(),
      occurred: this.#occurred && [...this.#occurred].flat(),
    }
  }
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
