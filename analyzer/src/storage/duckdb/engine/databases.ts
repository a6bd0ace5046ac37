import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { availableParallelism } from 'node:os'
import { columnTypes, everyColumn, quotedName } from '../catalogue.ts'
import type { EngineSettings, Reads } from './protocol.ts'

/**
 * A second thread within one statement makes searches of much nearly twice as fast. Statements also run beside each other, so a large machine needs no
 * more than half of its processors for one.
 */
const processors = availableParallelism()
const readingThreads = Math.min(processors, Math.max(2, processors >> 1))
/**
 * Each statement is worked on by the thread that asked for it, as it is beside any number of threads of DuckDB's own; but where one of those has all of
 * the work, as with rows that are taken in, the one that asked does not sleep: it looks for work the whole time, a tenth of the engine.
 */
const tablesThreads = 1

/** Of the memory, what is for statements on segments alone. */
const readingShare = 1 / 4
/** Of a statement on more segments than that, no heads are kept. */
const mostSegments = 128
/** Of heads, by DuckDB's own count: they take five times as much, a megabyte for a segment of 61 columns. */
const mostHeads = 32 * 1024 * 1024

/** For statements on segments alone. */
interface Reading {
  readonly instance: DuckDBInstance
  statements: number
}

/**
 * DuckDB, twice. One instance has the tables of what arrives. The other has none, answers what is asked of segments alone, and keeps their parsed heads,
 * which are half of the cost of such a statement. DuckDB lets heads go only where they would fill its memory by its own count, so when they are many,
 * another instance takes the place of the one that has them, which ends with the last statement on it.
 */
export class Databases {
  readonly #settings: EngineSettings
  readonly #tables: DuckDBInstance
  #reading: Reading
  #readings = 0
  #looking = false

  private constructor(settings: EngineSettings, tables: DuckDBInstance, reading: DuckDBInstance) {
    this.#settings = settings
    this.#tables = tables
    this.#reading = { instance: reading, statements: 0 }
  }

  static async open(settings: EngineSettings): Promise<Databases> {
    return new Databases(settings, await openTables(settings), await openReading(settings, 0))
  }

  /** Does work on a connection of its own: where it only reads, on the instance that is for that. */
  async use<T>(reads: Reads | undefined, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (reads === undefined || reads.tables) return connected(this.#tables, work)
    const reading = this.#reading
    reading.statements++
    try {
      return await connected(reading.instance, async (connection) => {
        if (reads.segments > mostSegments) await connection.run('SET SESSION parquet_metadata_cache = false')
        return work(connection)
      })
    } finally {
      reading.statements--
      // Where there is no memory for another instance, the next statement tries again.
      void this.#look(reading).catch(() => undefined)
    }
  }

  async #look(reading: Reading): Promise<void> {
    if (reading === this.#reading && !this.#looking) {
      this.#looking = true
      try {
        if ((await headsIn(reading.instance)) > mostHeads) {
          this.#reading = { instance: await openReading(this.#settings, ++this.#readings), statements: 0 }
        }
      } finally {
        this.#looking = false
      }
    }
    if (reading !== this.#reading && reading.statements === 0) reading.instance.closeSync()
  }
}

/** The heads of what is being written are read once. */
function openTables(settings: EngineSettings): Promise<DuckDBInstance> {
  return open(
    settings.memoryMegabytes * (1 - readingShare),
    `${settings.temporaryFolder}/tables`,
    tablesThreads,
    'SET lock_configuration = true',
  )
}

/** Its configuration is open for statements that leave no heads. */
function openReading(settings: EngineSettings, number: number): Promise<DuckDBInstance> {
  // Without GLOBAL it would be of this connection alone.
  const setting = 'SET GLOBAL parquet_metadata_cache = true'
  return open(settings.memoryMegabytes * readingShare, `${settings.temporaryFolder}/reading-${number}`, readingThreads, setting)
}

async function open(megabytes: number, temporaryFolder: string, threads: number, setting: string): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.round(megabytes)}MB`,
    temp_directory: temporaryFolder,
    threads: String(threads),
    preserve_insertion_order: 'false',
    // The operating system caches files already, in memory that it can take back.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  })
  await connected(instance, async (connection) => {
    await connection.run(`ATTACH ':memory:' AS hot (COMPRESS)`)
    await connection.run(
      `CREATE TABLE ${everyColumn} (${[...columnTypes].map(([name, type]) => `${quotedName(name)} ${type}`).join(', ')})`,
    )
    await connection.run(`SET GLOBAL TimeZone = 'UTC'; ${setting}`)
  })
  return instance
}

async function connected<T>(instance: DuckDBInstance, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
  }
}

/** Bytes, by DuckDB's own count. */
function headsIn(instance: DuckDBInstance): Promise<number> {
  return connected(instance, async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT memory_usage_bytes FROM duckdb_memory() WHERE tag = 'OBJECT_CACHE'`)
    return Number(reader.getRowsJS()[0]?.[0] ?? 0)
  })
}
