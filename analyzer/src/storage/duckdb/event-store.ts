/**
 * Events on one machine, without a server.
 *
 *     wal/000000123.log                    batches as they came; durable when `append` resolves (log/frame.ts)
 *     hot tables in the engine's memory    the events of those files, queryable
 *     segments/<day>/<hour>-<n>.parquet    immutable; sorted by dataset; summed (engine/export.ts)
 *     manifest.log                         which segments there are, and up to which log file they hold everything (manifest.ts)
 *     usage.json                           how large all this was in the last hours (disk.ts)
 *     unreadable/<n>.ndjson                stored lines that turned out to be no events
 *     temporary/                           the engine's intermediate files
 *
 * Each event is in exactly one place at every moment: in a log file above `flushedUpTo`, or in a segment of the manifest. The record that
 * adds a segment is what moves it, so a crash before or after it changes nothing.
 */
import {
  say,
  together,
  VonggacError,
  type EventBatch,
  type FieldName,
  type FlatEvent,
  type Page,
  type Said,
  type Scope,
} from '@vonggac/contract'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { checkBatch } from '../event-batch.ts'
import type {
  Aggregation,
  Appended,
  Bucket,
  EventQuery,
  EventSearch,
  EventStore,
  EventStoreHealth,
  Explanation,
  Measure,
  Retention,
  Retired,
} from '../event-store.ts'
import type { BackedUp, BackupTarget, Progress, Upkeep } from '../upkeep.ts'
import { backUpEvents } from './back-up.ts'
import { linesAbove } from './batch.ts'
import { checkFiles } from './check.ts'
import { compact } from './compact.ts'
import type { Contents } from './contents.ts'
import { DiskWatch, usualReserveBytes } from './disk.ts'
import { Engine } from './engine/engine.ts'
import { HotTables, hotLimits, type HotLimits } from './hot-tables.ts'
import { WriteAheadLog } from './log/write-ahead-log.ts'
import { Manifest } from './manifest.ts'
import { Queries } from './queries.ts'
import { retire } from './retire.ts'
import { hiddenBy } from './retiring.ts'
import { Segments } from './segments.ts'
import { Sources } from './sources.ts'
import { Turn } from './turn.ts'

export interface DuckDbOptions {
  /** Made where it is missing; used by one store at a time. */
  readonly folder: string
  /** What the engine may take; the store itself takes little. */
  readonly memoryMegabytes: number
  /** When the events of the log become segments. */
  readonly limits?: HotLimits
  /** What events may take on the disk; without it, all of the disk but the reserve. */
  readonly budgetBytes?: number | undefined
  readonly reserveBytes?: number
}

/** What may wait in the log while the engine cannot take it; beyond, batches are refused with `busy`. */
const longestLogBytes = 4 * 1024 ** 3

const compactEveryMs = 60_000

/** The log is loaded again at each start, and it is ten times as large as segments: when the store is closed, so many events are worth one, */
const worthFlushing = 2_000
/** for so long. What is not done by then stays in the log. */
const flushPatienceMs = 8_000

/** Throws `store-failed` where the folder cannot be used or its manifest is damaged. */
export async function openDuckDbEventStore(options: DuckDbOptions): Promise<DuckDbEventStore> {
  const { folder, memoryMegabytes, limits = hotLimits, budgetBytes, reserveBytes = usualReserveBytes } = options
  const at = (...names: string[]) => join(resolve(folder), ...names)
  await mkdir(at('unreadable'), { recursive: true }).catch((error: unknown) => {
    throw new VonggacError('store-failed', `The event store cannot make the folder ${folder}. Check its permissions.`, { cause: error })
  })
  const manifest = await Manifest.open(at('manifest.log'))
  const { log, files, damage } = await WriteAheadLog.open(at('wal'), manifest.state.flushedUpTo)
  const engine = new Engine({ memoryMegabytes, temporaryFolder: at('temporary') })
  const segments = await Segments.open(at('segments'), manifest, engine)
  const writing = new Turn()
  const hot = new HotTables({ folder: at(), engine, log, segments, recovered: files, limits, writing })
  const usedBytes = () => segments.totals.bytes + hot.totals.bytes
  const disk = await DiskWatch.open({ folder: at(), budgetBytes, reserveBytes, usedBytes })
  engine.start(() => hot.restart())
  const positions = new Map(manifest.state.positions)
  for (const file of files) for (const [collector, position] of file.positions) positions.set(collector, position)
  return new DuckDbEventStore({ folder: at(), manifest, log, engine, segments, hot, writing, disk, positions, damage })
}

interface Parts {
  readonly folder: string
  readonly manifest: Manifest
  readonly log: WriteAheadLog
  readonly engine: Engine
  readonly segments: Segments
  readonly hot: HotTables
  readonly writing: Turn
  readonly disk: DiskWatch
  readonly positions: Map<string, number>
  readonly damage: readonly string[]
}

export class DuckDbEventStore implements EventStore, Upkeep {
  readonly #parts: Parts
  readonly #queries: Queries
  /** The highest position on its way to the disk, by collector; equal to what is durable when nothing is. */
  #accepted: Map<string, number>
  /** What rearranges segments, one after the other. */
  readonly #upkeep = new Turn()
  readonly #compaction: NodeJS.Timeout
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#accepted = new Map(parts.positions)
    this.#compaction = setInterval(() => void this.#compactIdle(), compactEveryMs).unref()
    const { hot, segments, manifest } = parts
    this.#queries = new Queries(parts.engine, new Sources(hot, segments, () => hiddenBy(manifest.state.retiring)))
  }

  async append(batch: EventBatch): Promise<Appended> {
    checkBatch(batch)
    const { log, positions, hot, disk } = this.#parts
    const high = this.#accepted.get(batch.collector) ?? -1
    if (batch.last <= high) {
      // Perhaps accepted a moment ago and not yet durable: only then may the repeat be answered.
      await log.settled()
      if ((positions.get(batch.collector) ?? -1) >= batch.last) return { stored: 0 }
      throw new VonggacError('store-failed', 'The batch could not be stored. Send it again.')
    }
    if (hot.totals.bytes > longestLogBytes)
      throw new VonggacError('busy', 'Too much waits to be written to segments. Send the batch again later.')
    if (disk.full !== undefined) throw new VonggacError('busy', disk.full)
    const fresh = batch.first > high ? batch : linesAbove(batch, high)
    this.#accepted.set(batch.collector, batch.last)
    try {
      await log.append(fresh)
    } catch (error) {
      this.#accepted = new Map(positions)
      throw error
    }
    positions.set(batch.collector, Math.max(batch.last, positions.get(batch.collector) ?? -1))
    hot.appended()
    return { stored: fresh.count }
  }

  async positions(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.#parts.positions)
  }

  read(scope: Scope, id: string): Promise<FlatEvent | undefined> {
    return this.#queries.read(scope, id)
  }

  search(scope: Scope, query: EventSearch): Promise<Page<FlatEvent>> {
    return this.#queries.search(scope, query)
  }

  count(scope: Scope, query: EventQuery): Promise<number> {
    return this.#queries.count(scope, query)
  }

  aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]> {
    return this.#queries.aggregate(scope, query, by)
  }

  measure(scope: Scope, query: EventQuery, field: FieldName): Promise<Measure> {
    return this.#queries.measure(scope, query, field)
  }

  fieldNames(scope: Scope, query: Omit<EventQuery, 'where'>): Promise<readonly FieldName[]> {
    return this.#queries.fieldNames(scope, query)
  }

  explain(scope: Scope, query: EventQuery): Promise<Explanation> {
    return this.#queries.explain(scope, query)
  }

  scan(scope: Scope, query: EventQuery): AsyncIterable<Uint8Array> {
    return this.#queries.scan(scope, query)
  }

  retain(retention: Retention): Promise<Retired> {
    return this.#upkeep.take(() => retire({ ...this.#parts, closed: () => this.#closed }, retention))
  }

  async health(): Promise<EventStoreHealth> {
    const { log, engine, segments, hot, disk, damage } = this.#parts
    const notes: Said[] = [...disk.notes, ...damage, ...segments.damage, ...hot.trouble]
    if (!engine.ready) notes.unshift(say('engine-starting'))
    if (log.failure !== undefined) notes.unshift(log.failure)
    const state = log.failure !== undefined ? 'failed' : notes.length > 0 ? 'degraded' : 'ready'
    return {
      engine: 'embedded',
      disk: disk.health,
      parts: segments.days,
      ...extentOf([...segments.all, ...hot.tables.flatMap(({ contents }) => contents ?? [])]),
      state,
      detail: together(...notes),
      events: segments.totals.events + hot.totals.events,
      bytes: segments.totals.bytes + hot.totals.bytes,
    }
  }

  backUp(target: BackupTarget): Promise<BackedUp> {
    return backUpEvents(this.#parts, target)
  }

  async check(progress: Progress): Promise<readonly Said[]> {
    const { engine, manifest, segments, folder } = this.#parts
    await engine.whenReady()
    return checkFiles(manifest, segments, join(folder, 'wal'), progress)
  }

  /** Writes what is in the log to segments now, and not when its bounds are reached. */
  flush(): Promise<void> {
    return this.#parts.hot.flush()
  }

  /** Merges small segments now; resolves with the number of those that went. */
  async compact(): Promise<number> {
    const { engine, segments, writing, hot, disk } = this.#parts
    await engine.whenReady()
    const mayGoOn = () => !this.#closed && disk.full === undefined && !hot.busy
    return this.#upkeep.take(() => compact(segments, writing, mayGoOn, Date.now()))
  }

  /** In the background, when nothing else rearranges or writes segments. */
  async #compactIdle(): Promise<void> {
    const { engine, writing } = this.#parts
    if (!engine.ready || !this.#upkeep.free || !writing.free) return
    // Whatever is wrong will be met by those who search or write, and told there.
    await this.compact().catch(() => undefined)
  }

  /** The process of the query engine, for whoever watches its memory. */
  get enginePid(): number | undefined {
    return this.#parts.engine.pid
  }

  async close(): Promise<void> {
    this.#closed = true
    const { hot, engine, log, manifest, disk } = this.#parts
    clearInterval(this.#compaction)
    disk.close()
    if (engine.ready && hot.totals.events >= worthFlushing) {
      const flushed = hot.flush().catch(() => undefined)
      await Promise.race([flushed, pause(flushPatienceMs, undefined, { ref: false })])
    }
    await hot.close()
    await log.close()
    await engine.close()
    await manifest.close()
  }
}

/** Receive times of the first and the last event. */
function extentOf(contents: readonly Pick<Contents, 'from' | 'to'>[]): Pick<EventStoreHealth, 'oldest' | 'newest'> {
  if (contents.length === 0) return {}
  const oldest = contents.reduce((time, { from }) => Math.min(time, from), Infinity)
  const newest = contents.reduce((time, { to }) => Math.max(time, to), -Infinity)
  return { oldest: new Date(oldest), newest: new Date(newest) }
}
