import { VonggacError, type EventBatch } from '@vonggac/contract'
import { mkdir, open, readdir, readFile, rm, truncate, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from './files.ts'
import { frameHeader, scanLog } from './frame.ts'

/** A file that is complete: nothing is added to it any more. */
export interface LogFile {
  readonly number: number
  readonly path: string
  readonly events: number
  readonly bytes: number
  /** By collector, the highest position in it. */
  readonly positions: ReadonlyMap<string, number>
}

export interface RecoveredLog {
  readonly log: WriteAheadLog
  readonly files: readonly LogFile[]
  /** For people: what could not be read. */
  readonly damage: readonly string[]
}

interface Waiting {
  readonly batch: EventBatch
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Bytes of one flush; what waits beyond them has the next. */
const maxGroup = 16 * 1024 * 1024

/**
 * Files of frames (frame.ts), numbered upwards. While one `fdatasync` runs, batches gather; the next makes them all durable at once.
 *
 * Invariant: the open file holds exactly the frames of settled appends. After a failed write the file is cut back to them, and every
 * append that waited fails: its caller repeats it.
 */
export class WriteAheadLog {
  readonly #folder: string
  #next: number
  #handle: FileHandle | undefined
  #number = 0
  #bytes = 0
  #batches: BatchPlace[] = []
  #waiting: Waiting[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #failure: string | undefined

  private constructor(folder: string, next: number) {
    this.#folder = folder
    this.#next = next
  }

  /** Opens the folder, cuts what a crash tore, deletes files up to `flushedUpTo`, whose events are in segments. */
  static async open(folder: string, flushedUpTo: number): Promise<RecoveredLog> {
    await mkdir(folder, { recursive: true })
    const numbers = (await readdir(folder)).filter((name) => /^\d{9}\.log$/.test(name)).map((name) => Number(name.slice(0, 9)))
    const files: LogFile[] = []
    const damage: string[] = []
    for (const number of numbers.toSorted((a, b) => a - b)) {
      const path = pathOf(folder, number)
      if (number <= flushedUpTo) {
        await rm(path)
        continue
      }
      const content = await readFile(path)
      const { frames, end, damaged } = scanLog(content)
      if (damaged > 0) damage.push(`${damaged} bytes of the log file ${path} are damaged and were skipped`)
      if (end < content.length) await truncate(path, end)
      if (frames.length === 0) await rm(path)
      else files.push({ number, path, bytes: end, ...summary(frames.map(({ header }) => header)) })
    }
    await syncFolder(folder)
    return { log: new WriteAheadLog(folder, Math.max(flushedUpTo, ...numbers, 0) + 1), files, damage }
  }

  /** Events and bytes in the open file. */
  get open(): { readonly events: number; readonly bytes: number } {
    return { events: summary(this.#batches).events, bytes: this.#bytes }
  }

  /** Why the last write failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#failure
  }

  /** Resolves when the batch is on the disk. */
  append(batch: EventBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      if (this.#waiting.length === 1) void this.#alone(() => this.#commit())
    })
  }

  /** Resolves when everything that was appended before has settled. */
  settled(): Promise<void> {
    return this.#alone(async () => {})
  }

  /** Ends the open file, so that it can be loaded. Undefined where it is empty. */
  rotate(): Promise<LogFile | undefined> {
    return this.#alone(() => this.#end())
  }

  async remove(file: LogFile): Promise<void> {
    await rm(file.path, { force: true })
  }

  async close(): Promise<void> {
    await this.rotate()
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #commit(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup()
      try {
        await this.#write(group.flatMap(({ batch }) => [frameHeader(batch), batch.bytes]))
      } catch (error) {
        const failed = [...group, ...this.#waiting.splice(0)]
        const reason = await this.#recover(error)
        failed.forEach(({ reject }) => reject(new VonggacError('store-failed', reason, { cause: error })))
        return
      }
      this.#failure = undefined
      for (const { batch, resolve } of group) {
        this.#batches.push({ collector: batch.collector, last: batch.last, count: batch.count })
        resolve()
      }
    }
  }

  #takeGroup(): Waiting[] {
    let bytes = 0
    const fits = this.#waiting.findIndex(({ batch }) => (bytes += batch.bytes.byteLength) > maxGroup)
    return this.#waiting.splice(0, fits < 0 ? this.#waiting.length : Math.max(fits, 1))
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    this.#handle ??= await this.#begin()
    const total = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const { bytesWritten } = await this.#handle.writev(chunks as Uint8Array[], this.#bytes)
    if (bytesWritten !== total) throw new Error(`only ${bytesWritten} of ${total} bytes could be written`)
    await this.#handle.datasync()
    this.#bytes += total
  }

  async #begin(): Promise<FileHandle> {
    this.#number = this.#next++
    this.#bytes = 0
    this.#batches = []
    const handle = await open(pathOf(this.#folder, this.#number), 'wx')
    await syncFolder(this.#folder)
    return handle
  }

  /** Cuts the open file back to what was durable; a file that cannot be cut is left to the next start, which skips its torn end. */
  async #recover(error: unknown): Promise<string> {
    this.#failure = `The event log in ${this.#folder} cannot be written: ${error instanceof Error ? error.message : String(error)}. Check the disk.`
    try {
      await this.#handle?.truncate(this.#bytes)
    } catch {
      // Said above already: it is the same disk.
    }
    return this.#failure
  }

  async #end(): Promise<LogFile | undefined> {
    const handle = this.#handle
    if (handle === undefined) return undefined
    const file = { number: this.#number, path: pathOf(this.#folder, this.#number), bytes: this.#bytes, ...summary(this.#batches) }
    this.#handle = undefined
    this.#bytes = 0
    this.#batches = []
    await handle.close()
    if (file.bytes > 0) return file
    await rm(file.path, { force: true })
    return undefined
  }
}

type BatchPlace = Pick<EventBatch, 'collector' | 'last' | 'count'>

function summary(batches: readonly BatchPlace[]): Pick<LogFile, 'events' | 'positions'> {
  const positions = new Map<string, number>()
  for (const { collector, last } of batches) positions.set(collector, Math.max(last, positions.get(collector) ?? 0))
  return { events: batches.reduce((sum, { count }) => sum + count, 0), positions }
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(9, '0')}.log`)
}
