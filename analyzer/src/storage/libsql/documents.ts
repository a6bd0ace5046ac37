import { scopeCovers, VonggacError, everyAgency, type Scope } from '@vonggac/contract'
import type { Kind, Version, Versioned, Write, WriteResult } from '../document-store.ts'
import type { Connection } from './connection.ts'
import { entriesOf } from './entries.ts'

export interface StoredDocument {
  readonly id: string
  readonly version: number
  readonly body: string
}

/** The document as its kind's schema reads it. Throws `store-failed` where what is stored does not satisfy it. */
export function revive<T>(kind: Kind<T>, { id, version, body }: StoredDocument): Versioned<T> {
  const value = kind.schema.safeParse(JSON.parse(body))
  if (value.success) return { id, version, value: value.data }
  const issue = value.error.issues[0]
  const reason = issue === undefined ? 'invalid' : `${issue.path.join('.') || 'the record'}: ${issue.message}`
  throw new VonggacError('store-failed', `The stored ${kind.name} ${id} (version ${version}) cannot be read: ${reason}.`, {
    cause: value.error,
  })
}

export function readDocument<T>(connection: Connection, scope: Scope, kind: Kind<T>, id: string): Versioned<T> | undefined {
  const sql = 'SELECT id, version, body FROM document WHERE kind = ? AND id = ? AND (? = ? OR agency = ?)'
  const row = connection.row<StoredDocument>(sql, [kind.name, id, scope.agency, everyAgency, scope.agency])
  return row === undefined ? undefined : revive(kind, row)
}

/** Conflicts are an answer, not an error; a document outside the scope throws `forbidden`. */
export function writeDocument(connection: Connection, scope: Scope, { kind, id, value, expected }: Write): WriteResult {
  checkId(kind.name, id)
  const agency = kind.agency(value)
  const present = currentOf(connection, kind.name, id)
  for (const owner of [agency, present?.agency ?? agency]) {
    if (!scopeCovers(scope, owner)) throw new VonggacError('forbidden', `The ${kind.name} ${id} belongs to another agency.`)
  }
  if ((present?.version ?? 'new') !== expected) return { conflict: true }
  const version = (present?.version ?? 0) + 1
  connection.run(
    `INSERT INTO document (kind, id, agency, version, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET agency = excluded.agency, version = excluded.version, body = excluded.body`,
    [kind.name, id, agency, version, JSON.stringify(value)],
  )
  putEntries(connection, kind, id, agency, value)
  return { version }
}

export function removeDocument(connection: Connection, scope: Scope, kind: string, id: string, expected: Version): void {
  const present = currentOf(connection, kind, id)
  if (present === undefined || !scopeCovers(scope, present.agency)) throw new VonggacError('not-found', `There is no ${kind} ${id}.`)
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
      for (const row of rows) putEntries(connection, kind, row.id, row.agency, revive(kind, row).value)
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

export function conflict(kind: string, id: string): VonggacError {
  return new VonggacError('conflict', `Somebody changed the ${kind} ${id} in the meantime. Load it again and repeat the change.`)
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

/** An id stands in addresses and keys: 1 to 512 characters that SQLite keeps as they are. */
function checkId(kind: string, id: string): void {
  if (id.length >= 1 && id.length <= 512 && !/[\0\uD800-\uDFFF]/u.test(id)) return
  throw new VonggacError('invalid-request', `The id of a ${kind} has 1 to 512 characters of valid Unicode.`)
}
