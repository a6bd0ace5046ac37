import { VonggacError } from '@vonggac/contract'
import { join } from 'node:path'
import { hotName } from './catalogue.ts'
import { joinContents, type Contents } from './contents.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineOperations } from './engine/protocol.ts'
import type { LogFile, WriteAheadLog } from './log/write-ahead-log.ts'
import { Retirable } from './retirable.ts'
import type { Segments } from './segments.ts'
import type { Turn } from './turn.ts'

/** Tables in the engine's memory that together hold the events of some log files, and become segments together. */
export interface HotTable {
  readonly group: number
  readonly tables: string[]
  readonly files: LogFile[]
  readonly startedAt: number
  readonly retirable: Retirable
  contents: Contents | null
  /** Events of the last table. */
  growing: number
  /** It takes no more files, and waits to be written out. */
  sealed: boolean
}

/** Somebody who wants everything up to a log file to be loaded. */
interface Waiting {
  readonly number: number
  readonly resolve: () => void
  readonly reject: (error: VonggacError) => void
}

/** Bounds of a hot table: whichever is reached first, it becomes segments. */
export interface HotLimits {
  readonly events: number
  readonly bytes: number
  readonly ageMs: number
}

export const hotLimits: HotLimits = { events: 65_536, bytes: 128 * 1024 * 1024, ageMs: 10 * 60_000 }

/**
 * The open log file is loaded when it has so many events or bytes, or once a second, or for a query. A query waits for the load that is under way,
 * so they are small;
 */
const loadEvents = 4_096
const loadBytes = 6 * 1024 * 1024
const loadEveryMs = 1_000
/** but large ones are cheaper for each event: log files that stand in line are loaded together, up to so much. */
const mostEvents = 16_384
const mostBytes = 24 * 1024 * 1024
/** Adding to a table compresses what it has anew: beyond so many events, another is begun. */
const tableEvents = 4_096
const retryMs = 2_000

/**
 * Log files become hot tables, hot tables become segments. One table grows; full ones wait to be written out, in order, while it does.
 * A table is what its log files are: when the engine dies, it is loaded from them again.
 */
export class HotTables {
  readonly #folder: string
  readonly #engine: Engine
  readonly #log: WriteAheadLog
  readonly #segments: Segments
  readonly #limits: HotLimits
  readonly #writing: Turn
  readonly #timer: NodeJS.Timeout
  #tables: HotTable[] = []
  #queue: LogFile[]
  #number = 0
  #groups = 0
  #waiting: Waiting[] = []
  /** Counts the engine's lives: what was begun in an earlier one does not count. */
  #life = 0
  #loading: Promise<void> | undefined
  #recording: Promise<void> = Promise.resolve()
  #restarting: Promise<void> = Promise.resolve()
  #exporting: Promise<void> | undefined
  #trouble: string | undefined
  #unreadable = 0
  #closed = false

  constructor(options: {
    readonly folder: string
    readonly engine: Engine
    readonly log: WriteAheadLog
    readonly segments: Segments
    readonly recovered: readonly LogFile[]
    readonly limits: HotLimits
    /** Of whatever writes segments. */
    readonly writing: Turn
  }) {
    this.#folder = options.folder
    this.#engine = options.engine
    this.#log = options.log
    this.#segments = options.segments
    this.#limits = options.limits
    this.#writing = options.writing
    this.#queue = [...options.recovered]
    this.#timer = setInterval(() => this.#rotateIdle(), loadEveryMs).unref()
  }

  /** The engine is new and empty: every file that is in no segment has to be loaded. */
  restart(): void {
    this.#life++
    // Segments that are just being recorded count: their files must not be loaded beside them.
    this.#restarting = this.#recording.then(() => this.#loadAll())
  }

  get tables(): readonly HotTable[] {
    return this.#tables
  }

  /** The log files whose events are in no segment; all of them, of what was appended before the last `fresh`. */
  get files(): readonly LogFile[] {
    return [...this.#tables.flatMap((table) => table.files), ...this.#queue]
  }

  get totals(): { readonly events: number; readonly bytes: number } {
    const loaded = this.#tables.reduce((sum, { contents }) => sum + (contents?.events ?? 0), 0)
    const bytes = this.files.reduce((sum, file) => sum + file.bytes, 0) + this.#log.open.bytes
    return { events: loaded + this.#queue.reduce((sum, { events }) => sum + events, 0) + this.#log.open.events, bytes }
  }

  /** More waits to be loaded than is loaded now. */
  get busy(): boolean {
    return this.#queue.length > 1
  }

  /** For people: why events wait. */
  get trouble(): readonly string[] {
    const unreadable =
      this.#unreadable === 0 ? [] : [`${this.#unreadable} stored lines are no events: see ${join(this.#folder, 'unreadable')}.`]
    return this.#trouble === undefined ? unreadable : [this.#trouble, ...unreadable]
  }

  /** To be called after each append: a long log file is loaded at once. */
  appended(): void {
    const { events, bytes } = this.#log.open
    if (events >= loadEvents || bytes >= loadBytes) void this.#rotate().catch(() => undefined)
  }

  /** Resolves when everything appended before is loaded. Throws `store-failed` when it cannot be: a search would miss it. */
  async fresh(): Promise<void> {
    await this.#engine.whenReady()
    await this.#restarting
    await this.#rotate()
    const last = this.#queue.at(-1)
    if (last !== undefined) await new Promise<void>((resolve, reject) => this.#waiting.push({ number: last.number, resolve, reject }))
  }

  /** Writes out what is loaded, however little it is. */
  async flush(): Promise<void> {
    await this.fresh()
    while (this.#loading !== undefined) await this.#loading
    this.#seal(true)
    this.#export()
    while (this.#exporting !== undefined) await this.#exporting
    if (this.#tables[0]?.sealed === true) throw new VonggacError('store-failed', this.#trouble ?? 'The engine ended meanwhile.')
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const { reject } of this.#waiting.splice(0)) reject(new VonggacError('store-failed', 'The event store is being closed.'))
  }

  /** While the engine has a file to load, the next one may grow. */
  #rotateIdle(): void {
    if (this.#queue.length <= 1) void this.#rotate().catch(() => undefined)
  }

  async #rotate(): Promise<void> {
    const file = await this.#log.rotate()
    if (file !== undefined) this.#queue.push(file)
    this.#load()
    this.#seal(false)
    this.#export()
  }

  #loadAll(): void {
    this.#queue = [...this.#tables.flatMap(({ files }) => files), ...this.#queue]
    this.#tables = []
    this.#loading = this.#exporting = undefined
    this.#load()
  }

  #load(): void {
    if (this.#closed || this.#loading !== undefined || this.#queue.length === 0 || !this.#engine.ready) return
    const life = this.#life
    const loading = this.#loadQueue(life)
      .catch((error: unknown) => this.#stumble(life, error, () => this.#load()))
      .finally(() => {
        if (this.#loading === loading) this.#loading = undefined
      })
    this.#loading = loading
  }

  async #loadQueue(life: number): Promise<void> {
    while (this.#queue.length > 0 && !this.#closed) {
      const files = together(this.#queue, this.#limits)
      const [first, final] = [files[0]!, files.at(-1)!]
      const hot = this.#growing()
      const last = hot.tables.at(-1)
      const table = last === undefined || hot.growing >= tableEvents ? hotName(++this.#number) : last
      const unreadable = join(this.#folder, 'unreadable', `${first.number}.ndjson`)
      const loaded = await this.#loadFiles({ logs: files.map(({ path }) => path), table, group: hot.group, unreadable })
      if (life !== this.#life) return
      if (table !== last) {
        hot.tables.push(table)
        hot.growing = 0
      }
      hot.growing += loaded.contents?.events ?? 0
      this.#trouble = undefined
      this.#queue.splice(0, files.length)
      hot.files.push(...files)
      if (loaded.contents !== null) hot.contents = joinContents(hot.contents, loaded.contents)
      this.#unreadable += loaded.unreadable
      if (isFull(hot, this.#limits)) hot.sealed = true
      this.#answer(final.number)
      this.#export()
    }
  }

  /** Memory can be short while a table is written out: what fails meanwhile is tried again after it. */
  async #loadFiles(ask: EngineOperations['load']['ask']): Promise<EngineOperations['load']['answer']> {
    try {
      return await this.#engine.ask('load', ask)
    } catch (error) {
      if (this.#exporting === undefined) throw error
      await this.#exporting
      return this.#engine.ask('load', ask)
    }
  }

  /** The last table, unless it is sealed. */
  #growing(): HotTable {
    const last = this.#tables.at(-1)
    if (last?.sealed === false) return last
    const table: HotTable = {
      group: ++this.#groups,
      tables: [],
      files: [],
      startedAt: Date.now(),
      retirable: new Retirable(),
      contents: null,
      growing: 0,
      sealed: false,
    }
    this.#tables.push(table)
    return table
  }

  /** A table that is being loaded into is left to its loading. */
  #seal(all: boolean): void {
    const last = this.#tables.at(-1)
    if (last === undefined || last.files.length === 0 || this.#loading !== undefined) return
    if (all || isFull(last, this.#limits)) last.sealed = true
  }

  #export(): void {
    const [table] = this.#tables
    if (this.#closed || this.#exporting !== undefined || !this.#engine.ready || table?.sealed !== true) return
    const life = this.#life
    const exporting = this.#writing
      .take(() => this.#exportTable(table, life))
      .catch((error: unknown) => this.#stumble(life, error, () => this.#export()))
      .finally(() => {
        if (this.#exporting !== exporting) return
        this.#exporting = undefined
        this.#export()
      })
    this.#exporting = exporting
  }

  async #exportTable(hot: HotTable, life: number): Promise<void> {
    const { tables, group, files, contents } = hot
    const ask = { tables, group, folder: this.#segments.folder, number: files[0]!.number, events: contents?.events ?? 0 }
    const segments = contents === null ? [] : await this.#engine.ask('export', ask)
    if (life !== this.#life) return
    const replace = () => (this.#tables = this.#tables.filter((other) => other !== hot))
    const recorded = this.#segments.add(segments, files.at(-1)!.number, highest(files), replace)
    this.#recording = recorded.catch(() => undefined)
    await recorded
    hot.retirable.retire(() => void this.#engine.ask('drop', { tables, group }).catch(() => undefined))
    await Promise.all(files.map((file) => this.#log.remove(file)))
  }

  #answer(loadedUpTo: number): void {
    const isAnswered = ({ number }: Waiting) => number <= loadedUpTo
    for (const { resolve } of this.#waiting.filter(isAnswered)) resolve()
    this.#waiting = this.#waiting.filter((waiting) => !isAnswered(waiting))
  }

  /** The disk may be full, or the memory: try again, and say so meanwhile. An engine that died starts everything anew by itself. */
  #stumble(life: number, error: unknown, again: () => void): void {
    if (life !== this.#life || this.#closed) return
    const reason = `Events wait in the log: ${error instanceof Error ? error.message : String(error)}`
    this.#trouble = reason
    for (const { reject } of this.#waiting.splice(0)) reject(new VonggacError('store-failed', reason, { cause: error }))
    setTimeout(again, retryMs).unref()
  }
}

/** The first of the files, and what of the others is loaded with it. */
function together(queue: readonly LogFile[], limits: HotLimits): readonly LogFile[] {
  const [most, longest] = [Math.min(mostEvents, limits.events), Math.min(mostBytes, limits.bytes)]
  let [events, bytes] = [0, 0]
  const end = queue.findIndex((file) => (events += file.events) > most || (bytes += file.bytes) > longest)
  return end < 0 ? [...queue] : queue.slice(0, Math.max(1, end))
}

function isFull({ contents, files, startedAt }: HotTable, { events, bytes, ageMs }: HotLimits): boolean {
  const size = files.reduce((sum, file) => sum + file.bytes, 0)
  return (contents?.events ?? 0) >= events || size >= bytes || Date.now() - startedAt >= ageMs
}

function highest(files: readonly LogFile[]): ReadonlyMap<string, number> {
  return new Map(files.flatMap(({ positions }) => [...positions]))
}
