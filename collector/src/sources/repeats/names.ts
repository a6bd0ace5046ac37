/**
 * The names of the latest frames, in memory and in two files of the collector's folder: `names` grows to `perGeneration` records, then it
 * becomes `names.old` in place of the one before. So at least that many names are remembered, and at most twice as many.
 *
 *     record, 24 bytes: name, 16 bytes | position u64 little-endian
 */
import { createHash } from 'node:crypto'
import { closeSync, fdatasync, fdatasyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const nameBytes = 16
const recordBytes = nameBytes + 8
const dataSync = promisify(fdatasync)

/** What tells a frame from all others of its source: a digest, so that long ids take no more room than short ones. */
export function frameName(source: string, ...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of [source, ...parts]) hash.update(part).update('\0')
  return hash.digest('binary').slice(0, nameBytes)
}

export interface RecentNamesOptions {
  readonly folder: string
  /** Of the journal: what is not below it was never durable. */
  readonly durableNext: number
  readonly perGeneration?: number
  /** The files cannot be written: names are kept in memory alone, and tried again with the next generation. */
  readonly onError: (error: Error) => void
}

type Generation = Map<string, number>

interface Name {
  readonly name: string
  readonly position: number
}

export class RecentNames {
  readonly #path: string
  readonly #perGeneration: number
  readonly #onError: (error: Error) => void
  #older: Generation
  #newer: Generation
  #file: number | undefined
  #syncing: Promise<void> | undefined
  #unsynced = false

  constructor({ folder, durableNext, perGeneration = 100_000, onError }: RecentNamesOptions) {
    this.#path = join(folder, 'names')
    this.#perGeneration = perGeneration
    this.#onError = onError
    this.#older = this.#load(`${this.#path}.old`, durableNext)
    this.#newer = this.#load(this.#path, durableNext)
    this.#openFile()
  }

  positionOf(name: string): number | undefined {
    return this.#newer.get(name) ?? this.#older.get(name)
  }

  /** Written before it returns, so that they outlive the process; `sync` makes them outlive the machine. */
  add(names: readonly Name[]): void {
    if (names.length === 0) return
    if (this.#newer.size + names.length > this.#perGeneration && this.#newer.size > 0) this.#turn()
    for (const { name, position } of names) this.#newer.set(name, position)
    this.#write((file) => writeSync(file, encode(names)))
    this.#unsynced = true
  }

  async sync(): Promise<void> {
    while (this.#syncing) await this.#syncing
    if (this.#file === undefined || !this.#unsynced) return
    this.#unsynced = false
    this.#syncing = dataSync(this.#file).catch((error: Error) => this.#onError(error))
    await this.#syncing
    this.#syncing = undefined
  }

  async close(): Promise<void> {
    await this.sync()
    this.#closeFile()
  }

  #turn(): void {
    this.#older = this.#newer
    this.#newer = new Map()
    this.#write((file) => fdatasyncSync(file))
    this.#closeFile()
    try {
      renameSync(this.#path, `${this.#path}.old`)
    } catch (error) {
      this.#onError(error as Error)
    }
    this.#openFile()
  }

  #openFile(): void {
    try {
      this.#file = openSync(this.#path, 'a', 0o600)
    } catch (error) {
      this.#onError(error as Error)
    }
  }

  #closeFile(): void {
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) void (this.#syncing ?? Promise.resolve()).then(() => closeSync(file))
  }

  #write(work: (file: number) => void): void {
    if (this.#file === undefined) return
    try {
      work(this.#file)
    } catch (error) {
      // Half a record may stand there now: nothing more is written behind it.
      this.#closeFile()
      this.#onError(error as Error)
    }
  }

  /** Positions that the journal lost in a crash are given again, to others: their names must not stay in the file. */
  #load(path: string, durableNext: number): Generation {
    const bytes = this.#read(path)
    const names: Name[] = []
    const whole = Math.floor(bytes.length / recordBytes)
    for (let index = 0; index < whole; index++) {
      const record = decode(bytes, index * recordBytes)
      if (record.position < durableNext) names.push(record)
    }
    if (names.length * recordBytes < bytes.length) this.#replace(path, names)
    return new Map(names.map(({ name, position }) => [name, position]))
  }

  #read(path: string): Buffer {
    try {
      return readFileSync(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#onError(error as Error)
      return Buffer.alloc(0)
    }
  }

  /** On a full disk there is no room for the names that are left: rather none than some that are wrong. */
  #replace(path: string, names: readonly Name[]): void {
    try {
      writeFileSync(`${path}.new`, encode(names), { mode: 0o600, flush: true })
      renameSync(`${path}.new`, path)
    } catch (error) {
      this.#onError(error as Error)
      rmSync(path, { force: true })
    }
  }
}

function encode(names: readonly Name[]): Buffer {
  const bytes = Buffer.alloc(names.length * recordBytes)
  for (const [index, { name, position }] of names.entries()) {
    const at = index * recordBytes
    bytes.write(name, at, nameBytes, 'latin1')
    bytes.writeBigUInt64LE(BigInt(position), at + nameBytes)
  }
  return bytes
}

function decode(bytes: Buffer, at: number): Name {
  return { name: bytes.toString('latin1', at, at + nameBytes), position: Number(bytes.readBigUInt64LE(at + nameBytes)) }
}
