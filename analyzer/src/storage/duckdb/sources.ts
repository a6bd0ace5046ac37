import { everyColumn, hotTable, quotedText } from './catalogue.ts'
import type { Hidden, Span } from './condition.ts'
import type { Contents } from './contents.ts'
import type { HotTables } from './hot-tables.ts'
import type { Segments } from './segments.ts'

/** A hot table or a segment, as a query reads it. */
export interface Source {
  readonly table: { readonly hot: readonly string[] } | { readonly path: string }
  readonly contents: Contents
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

  /** Nothing of what the work is given is cleared away before it ends. */
  async use<T>(wanted: (contents: Contents) => boolean, work: (sources: readonly Source[]) => Promise<T>): Promise<T> {
    await this.#hot.fresh()
    // Both at the same moment: in the next, a hot table may have become segments.
    const tables = this.#hot.tables.filter(({ contents }) => contents !== null && wanted(contents))
    const held = tables.map((hot) => ({ table: { hot: [...hot.tables] }, contents: hot.contents! }))
    for (const { retirable } of tables) retirable.use()
    const selecting = this.#segments.select(wanted)
    try {
      const segments = await selecting
      try {
        return await work([...held, ...segments.map(({ path, segment }) => ({ table: { path }, contents: segment }))])
      } finally {
        for (const { retirable } of segments) retirable.release()
      }
    } finally {
      for (const { retirable } of tables) retirable.release()
    }
  }
}

export function mayContain({ from, to }: Span): (contents: Contents) => boolean {
  return (contents) => contents.to >= from && contents.from < to
}

/** SQL of all sources as one table with every column, in parentheses. */
export function fromSources(sources: readonly Source[]): string {
  const tables = sources.flatMap(({ table }) => ('hot' in table ? table.hot.map(hotTable) : []))
  const paths = sources.flatMap(({ table }) => ('path' in table ? [quotedText(table.path)] : []))
  const segments = paths.length === 0 ? [] : [`SELECT * FROM read_parquet([${paths.join(', ')}], union_by_name = true)`]
  const hot = [everyColumn, ...tables].map((table) => `SELECT * FROM ${table}`)
  return `(${[...hot, ...segments].join(' UNION ALL BY NAME ')})`
}
