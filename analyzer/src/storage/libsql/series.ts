import { VonggacError } from '@vonggac/contract'
import type { Sequenced, Series } from '../document-store.ts'
import type { Connection } from './connection.ts'

interface StoredEntry {
  readonly sequence: number
  readonly body: string
}

/** Reads the last entry and adds the next within one transaction, so that no number is ever skipped or taken twice. */
export function appendEntry<T>(connection: Connection, series: Series<T>, build: (last: Sequenced<T> | undefined) => T): Sequenced<T> {
  const [last] = readEntries(connection, series, { limit: 1, before: Number.MAX_SAFE_INTEGER })
  const sequence = (last?.sequence ?? 0) + 1
  const entry = build(last)
  connection.run('INSERT INTO series (name, sequence, body) VALUES (?, ?, ?)', [series.name, sequence, JSON.stringify(entry)])
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
  return rows.map((row) => revive(series, row))
}

function revive<T>(series: Series<T>, { sequence, body }: StoredEntry): Sequenced<T> {
  const entry = series.schema.safeParse(JSON.parse(body))
  if (entry.success) return { sequence, entry: entry.data }
  throw new VonggacError('store-failed', `The entry ${sequence} of ${series.name} cannot be read: ${entry.error.issues[0]?.message}.`, {
    cause: entry.error,
  })
}
