import { everyAgency, scopeCovers, type Scope } from '@vonggac/contract'
import { checkId, conflict, documentBody, foreign, notFound, reviveDocument, type StoredDocument } from '../document-checks.ts'
import type { Kind, Version, Versioned, Write, WriteResult } from '../document-store.ts'
import type { Connection } from './connection.ts'
import { entriesOf } from './entries.ts'

export function readDocument<T>(connection: Connection, scope: Scope, kind: Kind<T>, id: string): Versioned<T> | undefined {
  const sql = 'SELECT id, version, body FROM document WHERE kind = ? AND id = ? AND (? = ? OR agency = ?)'
  const row = connection.row<StoredDocument>(sql, [kind.name, id, scope.agency, everyAgency, scope.agency])
  return row === undefined ? undefined : reviveDocument(kind, row)
}

/** Conflicts are an answer, not an error; a document outside the scope throws `forbidden`. */
export function writeDocument(connection: Connection, scope: Scope, { kind, id, value, expected }: Write): WriteResult {
  checkId(kind.name, id)
  const body = documentBody(kind, id, value)
  const agency = kind.agency(value)
  const present = currentOf(connection, kind.name, id)
  for (const owner of [agency, present?.agency ?? agency]) {
    if (!scopeCovers(scope, owner)) throw foreign(kind.name, id)
  }
  if ((present?.version ?? 'new') !== expected) return { conflict: true }
  const version = (present?.version ?? 0) + 1
  connection.run(
    `INSERT INTO document (kind, id, agency, version, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET agency = excluded.agency, version = excluded.version, body = excluded.body`,
    [kind.name, id, agency, version, body],
  )
  putEntries(connection, kind, id, agency, value)
  return { version }
}

export function removeDocument(connection: Connection, scope: Scope, kind: string, id: string, expected: Version): void {
  const present = currentOf(connection, kind, id)
  if (present === undefined || !scopeCovers(scope, present.agency)) throw notFound(kind, id)
  if (present.version !== expected) throw conflict(kind, id)
  connection.run('DELETE FROM entry WHERE kind = ? AND id = ?', [kind, id])
  connection.run('DELETE FROM document WHERE kind = ? AND id = ?', [kind, id])
}

/** Makes the index entries of every document of the kind anew where its index has other fields than when they were written. */
export function adoptKind<T>(connection: Connection, kind: Kind<T>, fields: readonly string[]): void {
  const wanted = JSON.stringify(fields)
  const known = connection.row<{ fields: string }>('SELECT fields FROM kind WHERE name = ?', [kind.name])
  if (known?.fields === wanted) return
  connection.transaction(() => {
    for (let after = ''; ;) {
      const sql = 'SELECT id, version, body, agency FROM document WHERE kind = ? AND id > ? ORDER BY id LIMIT 500'
      const rows = connection.rows<StoredDocument & { agency: string }>(sql, [kind.name, after])
      for (const row of rows) putEntries(connection, kind, row.id, row.agency, reviveDocument(kind, row).value)
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.id
    }
    connection.run('INSERT INTO kind (name, fields) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET fields = excluded.fields', [
      kind.name,
      wanted,
    ])
  })
}

function currentOf(connection: Connection, kind: string, id: string) {
  return connection.row<{ agency: string; version: number }>('SELECT agency, version FROM document WHERE kind = ? AND id = ?', [kind, id])
}

function putEntries<T>(connection: Connection, kind: Kind<T>, id: string, agency: string, value: T): void {
  connection.run('DELETE FROM entry WHERE kind = ? AND id = ?', [kind.name, id])
  const sql = 'INSERT INTO entry (kind, id, field, ord, agency, value, folded, number, scalar) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'
  for (const entry of entriesOf(kind, id, value)) {
    connection.run(sql, [kind.name, id, entry.field, entry.ord, agency, entry.value, entry.folded, entry.number, entry.scalar])
  }
}
