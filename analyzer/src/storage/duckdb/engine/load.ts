import type { DuckDBConnection } from '@duckdb/node-api'
import { isUtf8 } from 'node:buffer'
import { rm, writeFile } from 'node:fs/promises'
import { columnTypes, commonColumns, hotTable, quotedName, quotedText } from '../catalogue.ts'
import type { Contents } from '../contents.ts'
import { rangesOf, scanLog } from '../log/frame.ts'
import type { EngineOperations } from './protocol.ts'
import type { Signing } from './signing.ts'
import type { Workspace } from './workspace.ts'
import { writeRows, type Line } from './write-rows.ts'

/**
 * DuckDB reserves twice this for each of its threads, and hands out lines by such buffers: where one holds a whole load, it stays on one thread, which
 * costs less and keeps the other one for queries.
 */
const smallestLineBuffer = 16 * 1024 * 1024

interface Inserted {
  readonly contents: Contents | null
  /** Lines that are no events. */
  readonly refused: readonly Line[]
}

/** Each event once into the table, or kept aside in the file `unreadable`; all of the log files, or, when this throws, nothing. */
export async function load(
  connection: DuckDBConnection,
  temporaryFolder: string,
  { logs, table, unreadable }: EngineOperations['load']['ask'],
  signing: Signing,
  workspace: Workspace,
): Promise<EngineOperations['load']['answer']> {
  const lines = (await workspace.read(logs)).flatMap(linesIn)
  const into = (name: string, some: readonly Line[]) =>
    insert(connection, `${temporaryFolder}/${name}.ndjson`, name, some, signing, workspace)
  const { contents, refused } = await into(table, lines).catch(async (error: unknown) => {
    if (!isBadInput(error)) throw error
    const bad = new Set(await badLines(lines, (some) => into(`probe_${table}`, some)))
    await connection.run(`DROP TABLE ${hotTable(`probe_${table}`)}`)
    const rest = await into(
      table,
      lines.filter((line) => !bad.has(line)),
    )
    return { contents: rest.contents, refused: [...bad, ...rest.refused] }
  })
  if (refused.length > 0) {
    const newLine = Buffer.from('\n')
    await writeFile(unreadable, Buffer.concat(refused.flatMap(({ bytes, start, end }) => [bytes.subarray(start, end), newLine])))
  }
  return { contents, unreadable: refused.length }
}

function linesIn(file: Buffer): Line[] {
  return scanLog(file).frames.flatMap(({ lines: bytes }) => {
    const valid = isUtf8(bytes)
    return [...rangesOf(bytes)].map(([start, end]) => ({ bytes, start, end, valid }))
  })
}

/** One row that DuckDB does not take fails all of them: halves are tried until the bad ones are found. */
async function badLines(lines: readonly Line[], probe: (lines: readonly Line[]) => Promise<unknown>): Promise<readonly Line[]> {
  try {
    await probe(lines)
    return []
  } catch (error) {
    if (!isBadInput(error)) throw error
    if (lines.length === 1) return lines
    const middle = lines.length >> 1
    return [...(await badLines(lines.slice(0, middle), probe)), ...(await badLines(lines.slice(middle), probe))]
  }
}

function isBadInput(error: unknown): boolean {
  return error instanceof Error && /Invalid Input|Conversion|Invalid unicode|Out of Range/i.test(error.message)
}

async function insert(
  connection: DuckDBConnection,
  file: string,
  table: string,
  lines: readonly Line[],
  signing: Signing,
  workspace: Workspace,
): Promise<Inserted> {
  try {
    const { longest, columns, contents, refused, sign } = await writeRows(file, lines, signing, workspace)
    const present = [...new Set([...commonColumns, ...columns])]
    await widen(connection, table, present)
    if (contents === null) return { contents, refused }
    const wanted = present.map((name) => `${quotedText(name)}: ${quotedText(columnTypes.get(name)!)}`).join(', ')
    const inserting = connection.run(
      `INSERT INTO ${hotTable(table)} BY NAME SELECT * FROM read_json(${quotedText(file)}, format = 'newline_delimited',
       columns = {${wanted}}, maximum_object_size = ${Math.max(smallestLineBuffer, longest * 4)})`,
    )
    // Neither is left behind at work where the other fails: what they read is used again.
    const [inserted, signed] = await Promise.allSettled([inserting, sign()])
    if (inserted.status === 'rejected') throw inserted.reason
    if (signed.status === 'rejected') throw signed.reason
    const { rowsChanged } = inserted.value
    if (rowsChanged !== contents.events) throw new Error(`${rowsChanged} of ${contents.events} rows were loaded`)
    return { contents, refused }
  } finally {
    await rm(file, { force: true })
  }
}

/** A table has the columns of its events alone: each of the others would cost as much as one that is used. */
async function widen(connection: DuckDBConnection, table: string, columns: readonly string[]): Promise<void> {
  const definition = (name: string) => `${quotedName(name)} ${columnTypes.get(name)!}`
  await connection.run(`CREATE TABLE IF NOT EXISTS ${hotTable(table)} (${columns.map(definition).join(', ')})`)
  const reader = await connection.runAndReadAll(`SELECT * FROM ${hotTable(table)} LIMIT 0`)
  const known = new Set(reader.columnNames())
  for (const name of columns) {
    if (!known.has(name)) await connection.run(`ALTER TABLE ${hotTable(table)} ADD COLUMN ${definition(name)}`)
  }
}
