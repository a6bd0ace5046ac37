import Database from 'libsql'
import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { say, VonggacError } from '@vonggac/contract'

export type Bound = string | number | null

const schemaVersion = 1

/**
 * A document with its index entries. `entry.value` is what lists are ordered by, `folded` what predicates compare (the folding of
 * @vonggac/sigma), `number` the number that the value is or spells, `scalar` the value itself as JSON. A field without a
 * value has one entry whose `scalar` is NULL, so that every document is in every order.
 */
const schema = `
  CREATE TABLE document (
    kind TEXT NOT NULL, id TEXT NOT NULL, agency TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id)
  );
  CREATE TABLE entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, ord INTEGER NOT NULL,
    agency TEXT NOT NULL, value NOT NULL, folded TEXT, number REAL, scalar TEXT,
    PRIMARY KEY (kind, id, field, ord)
  ) WITHOUT ROWID;
  CREATE INDEX entry_order ON entry (kind, field, value, id, agency) WHERE ord = 0;
  CREATE INDEX entry_match ON entry (kind, field, folded);
  CREATE TABLE kind (name TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE series (name TEXT NOT NULL, sequence INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (name, sequence)) WITHOUT ROWID;
  CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
`

/** Prepared statements kept; queries differ by their predicates, so there is no natural end to them. */
const maxStatements = 300

const sync = promisify(fdatasync)

/**
 * The one connection to the database file. libsql is synchronous: what runs here holds the thread, so statements are short, and
 * nothing else can come between the statements of one function.
 *
 * A commit stands in the write-ahead log `<file>-wal` and is safe there when that file is flushed. SQLite would do it within the commit
 * (`synchronous = FULL`) and hold the thread for as long as the disk takes; so it is told not to, and `flush` does it beside other
 * work. SQLite itself flushes in its checkpoints, before it moves the log's content (`synchronous = NORMAL`).
 */
export class Connection {
  readonly #database: Database.Database
  readonly #logPath: string | undefined
  /** Of the log; open until the connection is closed, because SQLite keeps the file as long. */
  #log: number | undefined
  readonly #statements = new Map<string, Database.Statement>()

  /** `file` may be `:memory:`. Throws `store-failed` where the file cannot be opened or was written by a newer Vọng Gác. */
  constructor(file: string) {
    try {
      this.#database = new Database(file, { timeout: 5_000 })
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY')
      this.#logPath = file === ':memory:' ? undefined : `${file}-wal`
      this.#migrate(file)
    } catch (error) {
      throw error instanceof VonggacError ? error : storeFailed(`cannot open ${file}`, error)
    }
  }

  #migrate(file: string): void {
    const found = Number(this.row<{ user_version: number }>('PRAGMA user_version', [])?.user_version ?? 0)
    if (found > schemaVersion) {
      throw new VonggacError('store-failed', `${file} was written by a newer version of Vọng Gác (format ${found}). Start that version.`)
    }
    if (found === 0) this.transaction(() => this.#database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`))
  }

  rows<Row>(sql: string, bound: readonly Bound[]): Row[] {
    return this.#statement(sql).all([...bound]) as Row[]
  }

  row<Row>(sql: string, bound: readonly Bound[]): Row | undefined {
    return this.rows<Row>(sql, bound)[0]
  }

  run(sql: string, bound: readonly Bound[]): void {
    this.#statement(sql).run([...bound])
  }

  /** Resolves when everything committed before is on the disk, also when the power fails. */
  async flush(): Promise<void> {
    if (this.#logPath !== undefined) await sync((this.#log ??= openSync(this.#logPath, 'r')))
  }

  /** All or nothing; durable after the next `flush`. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  /** All or nothing within the transaction around it. */
  savepoint<T>(work: () => T): T {
    this.#database.exec('SAVEPOINT work')
    try {
      const result = work()
      this.#database.exec('RELEASE work')
      return result
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK TO work; RELEASE work')
      throw error
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
    if (this.#log !== undefined) closeSync(this.#log)
  }

  #statement(sql: string): Database.Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    if (this.#statements.size >= maxStatements) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

export function storeFailed(what: string, cause: unknown): VonggacError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new VonggacError('store-failed', say('document-store-failed', { what, reason }), {
    cause,
  })
}
