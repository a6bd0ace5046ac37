import { fields } from '@vonggac/contract'
import { catalogue, commonColumns, everyColumn, hotTable, ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { Hidden } from './condition.ts'
import type { Contents } from './contents.ts'
import type { Reads } from './engine/protocol.ts'
import type { HotTables } from './hot-tables.ts'
import type { Segments } from './segments.ts'
import type { SegmentPart } from './signature-file.ts'

/** A hot table or a segment, as a query reads it. */
export interface Source {
  readonly table: { readonly hot: readonly string[] } | { readonly path: string }
  readonly contents: Contents
  /** On the disk; of hot tables, in the log. */
  readonly bytes: number
  /** The only datasets of it that can hold what is wanted; undefined: any. */
  readonly datasets?: readonly string[]
  /** The parts with events that may be wanted; undefined where that is not known. */
  readonly parts?: readonly SegmentPart[]
  /** Scope, time and `datasets` alone decide which of its events are wanted. */
  readonly decided?: true
}

/** How what a query reads was chosen: what was wanted and not known to be damaged, and what of it was left. */
export interface Selection {
  readonly held: readonly Source[]
  readonly narrowed: readonly Source[]
}

/** The hot tables and segments that together are all events, each in exactly one of them. */
export class Sources {
  readonly #hot: HotTables
  readonly #segments: Segments
  readonly #hidden: () => Hidden

  constructor(hot: HotTables, segments: Segments, hidden: () => Hidden) {
    this.#hot = hot
    this.#segments = segments
    this.#hidden = hidden
  }

  get hidden(): Hidden {
    return this.#hidden()
  }

  /** What there is, damaged segments included. */
  get all(): readonly { readonly contents: Contents; readonly bytes: number }[] {
    return [...this.#heldHot(() => true), ...this.#segments.all.map((segment) => ({ contents: segment, bytes: segment.bytes }))]
  }

  /**
   * Everything appended before is loaded. The work is given what `narrow` leaves of what is wanted, without segments that turn out to be damaged;
   * nothing of it is cleared away before it ends.
   */
  async use<T>(
    wanted: (contents: Contents) => boolean,
    narrow: (sources: readonly Source[]) => Promise<readonly Source[]>,
    work: (sources: readonly Source[], selection: Selection) => Promise<T>,
  ): Promise<T> {
    await this.#hot.fresh()
    // Both at the same moment: in the next, a hot table may have become segments.
    const hot = this.#heldHot(wanted)
    for (const { retirable } of hot) retirable.use()
    let held: readonly Source[] = hot
    let narrowed = new Map<string, Source>()
    const selecting = this.#segments.select(wanted, async (segments) => {
      const stored = segments.map(({ path, segment }) => ({ table: { path }, contents: segment, bytes: segment.bytes }))
      held = [...hot, ...stored]
      const left = await narrow(stored)
      narrowed = new Map(left.flatMap((source) => ('path' in source.table ? [[source.table.path, source] as const] : [])))
      return new Set(narrowed.keys())
    })
    try {
      const segments = await selecting
      try {
        const read = [...hot, ...segments.map(({ path }) => narrowed.get(path)!)]
        return await work(read, { held, narrowed: [...hot, ...narrowed.values()] })
      } finally {
        for (const { retirable } of segments) retirable.release()
      }
    } finally {
      for (const { retirable } of hot) retirable.release()
    }
  }

  #heldHot(wanted: (contents: Contents) => boolean) {
    return this.#hot.tables.flatMap(({ contents, tables, files, retirable }) => {
      if (contents === null || !wanted(contents)) return []
      return [{ table: { hot: [...tables] }, contents, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), retirable }]
    })
  }
}

/** What a statement on the sources reads. */
export function readsOf(sources: readonly Source[]): Reads {
  const segments = sources.filter(({ table }) => 'path' in table).length
  return { tables: segments < sources.length, segments }
}

/** The hot tables and the segments, as far as there are any: a statement on each costs less than one on both (engine/databases.ts). */
export function apart(sources: readonly Source[]): readonly (readonly Source[])[] {
  const hot = sources.filter(({ table }) => 'hot' in table)
  const segments = sources.filter(({ table }) => 'path' in table)
  return [hot, segments].filter((some) => some.length > 0)
}

/** Where a row stands: its segment's path and its number there; both NULL for a hot table. */
export const placeColumns = { file: '_file', row: '_row' } as const

/**
 * SQL of all sources as one table with every column and those of `placeColumns`, in parentheses; or with those of `columns` and what every
 * table has: to plan a statement of a hundred files takes four times as long with all that is in them.
 */
export function fromSources(sources: readonly Source[], columns?: readonly string[]): string {
  const star = starOf(columns)
  const { file, row } = placeColumns
  const paths = new Map<string, string[]>()
  for (const { table, datasets } of sources) {
    if (!('path' in table)) continue
    // Files are sorted by dataset: the row groups of the others are skipped.
    const only = datasets === undefined ? '' : ` WHERE ${quotedName(fields.dataset)} IN (${datasets.map(quotedText).join(', ')})`
    const together = paths.get(only) ?? []
    paths.set(only, together)
    together.push(quotedText(table.path))
  }
  const every = `SELECT ${star}, CAST(NULL AS VARCHAR) AS ${file}, CAST(NULL AS BIGINT) AS ${row} FROM ${everyColumn}`
  const hot = hotTablesOf(sources).map((table) => `SELECT ${star} FROM ${hotTable(table)}`)
  const segments = [...paths].map(
    ([only, list]) =>
      `SELECT ${star}, filename AS ${file}, file_row_number AS ${row} FROM read_parquet([${list.join(', ')}], union_by_name = true)${only}`,
  )
  return `(${[every, ...hot, ...segments].join(' UNION ALL BY NAME ')})`
}

/** `*`, or those of the columns that a table has and what every table has. */
function starOf(columns: readonly string[] | undefined): string {
  return columns === undefined ? '*' : starOfThose([...commonColumns, ...columns])
}

/** Those of the columns that a table has. By one pattern: to ask of each of its columns whether it is in a list is a sixth of fetching a row. */
function starOfThose(columns: readonly string[]): string {
  const names = columns.map((column) => column.replaceAll(/[^\w]/g, '\\$&'))
  return `COLUMNS(${quotedText(`^(${names.join('|')})$`)})`
}

/**
 * SQL of single rows of some sources as one table, in parentheses, with the columns that some of them have: those of segments by path and number,
 * those of hot tables by the condition. Of files read one by one for some rows, DuckDB skips the other row groups; of many files
 * together it decodes most of each. Of a row group it decodes every column that is asked for, also those in which none of its events has a value.
 */
export function fromRows(sources: readonly Source[], rows: ReadonlyMap<string, readonly number[]>, condition: string): string {
  const hot = hotTablesOf(sources).map((table) => `SELECT * FROM ${hotTable(table)} WHERE ${condition}`)
  const segments = sources.flatMap((source) => {
    const path = 'path' in source.table ? source.table.path : ''
    const numbers = rows.get(path)
    if (numbers === undefined) return []
    return [`SELECT ${starOfEvents(source)} FROM read_parquet(${quotedText(path)}) WHERE file_row_number IN (${numbers.join(', ')})`]
  })
  return `(${[...hot, ...segments].join(' UNION ALL BY NAME ')})`
}

/** What events are made of again, where some event of the source's parts has a value; everything where that is not known. */
function starOfEvents({ parts }: Source): string {
  const named = parts?.map(({ signature }) => signature?.fields)
  if (named === undefined || named.includes(undefined)) return '*'
  const present = new Set(named.flatMap((names) => [...names!]))
  return starOfThose([ownColumns.rest, ownColumns.exact, ...[...present].filter((field) => catalogue.has(field))])
}

function hotTablesOf(sources: readonly Source[]): string[] {
  return sources.flatMap(({ table }) => ('hot' in table ? table.hot : []))
}
