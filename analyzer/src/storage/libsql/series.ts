import { checkGapless, entryBody, reviveEntry, type StoredEntry } from '../document-checks.ts'
import type { Sequenced, Series } from '../document-store.ts'
import type { Connection } from './connection.ts'

/** Reads the last entry and adds the next within one transaction, so that no number is ever skipped or taken twice. */
export function appendEntry<T>(connection: Connection, series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Sequenced<T> {
  const [last] = readEntries(connection, series, { limit: 1, before: Number.MAX_SAFE_INTEGER })
  const sequence = (last?.sequence ?? 0) + 1
  const entry = build(last)
  connection.run('INSERT INTO series (name, sequence, body) VALUES (?, ?, ?)', [series.name, sequence, entryBody(series, entry)])
  return { sequence, entry }
}

export function readEntries<T>(
  connection: Connection,
  series: Series<T>,
  { after, before, limit }: { readonly after?: number; readonly before?: number; readonly limit: number },
): Sequenced<T>[] {
  const descending = before !== undefined
  const sql = descending
    ? 'SELECT sequence, body FROM series WHERE name = ? AND sequence < ? AND sequence > ? ORDER BY sequence DESC LIMIT ?'
    : 'SELECT sequence, body FROM series WHERE name = ? AND sequence < ? AND sequence > ? ORDER BY sequence LIMIT ?'
  const rows = connection.rows<StoredEntry>(sql, [series.name, before ?? Number.MAX_SAFE_INTEGER, after ?? 0, limit])
  checkGapless(series.name, rows, descending ? entryBelow(connection, series.name, before) : (after ?? 0) + 1)
  return rows.map((row) => reviveEntry(series, row))
}

/** Where the first entry below `before` must stand; undefined where the series may end anywhere below it. */
function entryBelow(connection: Connection, name: string, before: number): number | undefined {
  const beyond = connection.row<{ sequence: number }>('SELECT sequence FROM series WHERE name = ? AND sequence >= ? LIMIT 1', [
    name,
    before,
  ])
  return beyond === undefined ? undefined : before - 1
}
