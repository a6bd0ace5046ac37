import type { DuckDBConnection } from '@duckdb/node-api'
import { fields } from '@vonggac/contract'
import { readEvent, RejectedEvent } from '@vonggac/sigma'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { columnTypes, hotTable, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { joinContents, type Contents } from '../contents.ts'
import { linesOf, scanLog } from '../log/frame.ts'
import { toRow, type Row } from '../row.ts'
import type { EngineOperations } from './protocol.ts'

const tableColumns = [...columnTypes].map(([name, type]) => `${quotedName(name)} ${type}`).join(', ')
const readColumns = [...columnTypes].map(([name, type]) => `${quotedText(name)}: ${quotedText(type)}`).join(', ')

/** Lines made into rows at a time: a whole file's rows would be several times its size in memory. */
const portion = 2_000
/** DuckDB takes twice this for each of its threads. */
const smallestLineBuffer = 2 * 1024 * 1024

interface Written {
  readonly contents: Contents | null
  /** Lines that are no events. */
  readonly refused: readonly string[]
}

/** Each event once into the table, or kept aside in the file `unreadable`; all of the log file, or, when this throws, nothing. */
export async function load(
  connection: DuckDBConnection,
  temporaryFolder: string,
  { log, table, unreadable }: EngineOperations['load']['ask'],
): Promise<EngineOperations['load']['answer']> {
  const lines = scanLog(await readFile(log)).frames.flatMap((frame) => [...linesOf(frame.lines)])
  const into = (name: string, some: readonly string[]) => insert(connection, `${temporaryFolder}/${name}.ndjson`, name, some)
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
  if (refused.length > 0) await writeFile(unreadable, refused.map((line) => `${line}\n`).join(''))
  return { contents, unreadable: refused.length }
}

/** One row that DuckDB does not take fails all of them: halves are tried until the bad ones are found. */
async function badLines(lines: readonly string[], probe: (lines: readonly string[]) => Promise<unknown>): Promise<readonly string[]> {
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

async function insert(connection: DuckDBConnection, file: string, table: string, lines: readonly string[]): Promise<Written> {
  await connection.run(`CREATE TABLE IF NOT EXISTS ${hotTable(table)} (${tableColumns})`)
  try {
    const { longest, ...written } = await writeRows(file, lines)
    const { contents } = written
    if (contents === null) return written
    const { rowsChanged } = await connection.run(
      `INSERT INTO ${hotTable(table)} BY NAME SELECT * FROM read_json(${quotedText(file)}, format = 'newline_delimited',
       columns = {${readColumns}}, maximum_object_size = ${Math.max(smallestLineBuffer, longest * 4)})`,
    )
    if (rowsChanged !== contents.events) throw new Error(`${rowsChanged} of ${contents.events} rows were loaded`)
    return written
  } finally {
    await rm(file, { force: true })
  }
}

/** The lines as rows for `read_json`; `longest` is a row's length in characters. */
async function writeRows(file: string, lines: readonly string[]): Promise<Written & { readonly longest: number }> {
  let contents: Contents | null = null
  let longest = 0
  const refused: string[] = []
  const handle = await open(file, 'w')
  try {
    for (let start = 0; start < lines.length; start += portion) {
      const rows: string[] = []
      for (const line of lines.slice(start, start + portion)) {
        const row = rowOf(line)
        if (row === undefined) {
          refused.push(line)
          continue
        }
        contents = joinContents(contents, contentsOf(row))
        const json = JSON.stringify(row)
        longest = Math.max(longest, json.length)
        rows.push(json)
      }
      await handle.writeFile(`${rows.join('\n')}\n`)
    }
  } finally {
    await handle.close()
  }
  return { contents, refused, longest }
}

function contentsOf(row: Row): Contents {
  const received = row[ownColumns.received] as number
  const id = row[fields.id] as string
  return { events: 1, odd: row[ownColumns.odd] === true ? 1 : 0, from: received, to: received, first: id, last: id }
}

/** Undefined for a line that is no event. Any other mistake fails the load, so that no fault of ours makes events unreadable. */
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
