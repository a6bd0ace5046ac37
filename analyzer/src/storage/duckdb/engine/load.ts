import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { readEvent, RejectedEvent } from '@vonggac/sigma'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { columnTypes, hotTable, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { linesOf, scanLog } from '../log/frame.ts'
import { toRow, type Row } from '../row.ts'
import { joinContents, type Contents } from '../contents.ts'
import type { EngineOperations } from './protocol.ts'

interface Line {
  readonly line: string
  /** The row as JSON for `read_json`. */
  readonly row: string
  readonly contents: Contents
}

const tableColumns = [...columnTypes].map(([name, type]) => `${quotedName(name)} ${type}`).join(', ')
const readColumns = [...columnTypes].map(([name, type]) => `${quotedText(name)}: ${quotedText(type)}`).join(', ')

export async function load(
  connection: DuckDBConnection,
  temporaryFolder: string,
  { log, table, unreadable }: EngineOperations['load']['ask'],
): Promise<EngineOperations['load']['answer']> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${hotTable(table)} (${tableColumns})`)
  const lines: Line[] = []
  const refused: string[] = []
  for (const frame of scanLog(await readFile(log)).frames) {
    for (const line of linesOf(frame.lines)) {
      const read = toLine(line)
      if (read === undefined) refused.push(line)
      else lines.push(read)
    }
  }
  const loaded = await insert(connection, `${temporaryFolder}/${table}.ndjson`, table, lines, refused)
  if (refused.length > 0) await writeFile(unreadable, refused.map((line) => `${line}\n`).join(''))
  return { contents: loaded.map(({ contents }) => contents).reduce<Contents | null>(joinContents, null), unreadable: refused.length }
}

/** One bad row fails the whole file: where that happens, halves are tried, until the bad rows alone are left out. */
async function insert(
  connection: DuckDBConnection,
  file: string,
  table: string,
  lines: readonly Line[],
  refused: string[],
): Promise<readonly Line[]> {
  if (lines.length === 0) return []
  try {
    await writeFile(file, lines.map(({ row }) => row).join('\n'))
    const longest = lines.reduce((length, { row }) => Math.max(length, row.length), 0)
    const inserted = await connection.run(
      `INSERT INTO ${hotTable(table)} BY NAME SELECT * FROM read_json(${quotedText(file)}, format = 'newline_delimited',
       columns = {${readColumns}}, maximum_object_size = ${Math.max(16 * 1024 * 1024, longest * 4)})`,
    )
    if (inserted.rowsChanged !== lines.length) throw new Error(`${inserted.rowsChanged} of ${lines.length} rows were loaded`)
    return lines
  } catch (error) {
    if (!isBadInput(error)) throw error
    if (lines.length === 1) {
      refused.push(lines[0]!.line)
      return []
    }
    const middle = lines.length >> 1
    return [
      ...(await insert(connection, file, table, lines.slice(0, middle), refused)),
      ...(await insert(connection, file, table, lines.slice(middle), refused)),
    ]
  } finally {
    await rm(file, { force: true })
  }
}

function isBadInput(error: unknown): boolean {
  return error instanceof Error && /Invalid Input|Conversion|Invalid unicode|Out of Range/i.test(error.message)
}

/** Undefined for a line that is no event. Any other mistake fails the load, so that no fault of ours makes events unreadable. */
function toLine(line: string): Line | undefined {
  const row = rowOf(line)
  if (row === undefined) return undefined
  const received = row[ownColumns.received] as number
  const id = row[fields.id] as string
  const odd = row[ownColumns.odd] === true ? 1 : 0
  return { line, row: JSON.stringify(row), contents: { events: 1, odd, from: received, to: received, first: id, last: id } }
}

function rowOf(line: string): Row | undefined {
  let event
  try {
    event = readEvent(line)
  } catch (error) {
    if (error instanceof RejectedEvent) return undefined
    throw error
  }
  return toRow(event)
}
