/**
 * How far each file is read, in one file of the collector's folder: a JSON object a line, the later outweighs the earlier.
 *
 *     {"begun":source}           the source has been read once
 *     {"file":{…}}               a file as it is known, with its offset
 *     {"read":id,"from":…,"first":position,"ends":[…],"to":…,"skip":…,"kept":[[…,{…}]]}
 *                                bytes `from`..`to` become frames at the journal positions from `first` on; behind each, the reading goes on at its
 *                                offset of `ends`, and keeps in mind what `kept` says from that frame on
 *     {"forget":id}
 *
 * A `read` is written before the journal has its frames. At the next start, the journal's own end tells how many of them it kept, and the reading goes on
 * behind the last of those: kill -9 neither loses nor doubles a line. `sync` makes it outlive the machine as well.
 */
import { closeSync, fdatasync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const printSchema = z.object({ length: z.int().nonnegative(), digest: z.string() })
/** The first bytes of a file, by which it is known under whatever name. */
export type Print = z.infer<typeof printSchema>

/** What the reading of a file keeps in mind besides its offset. */
const keptSchema = z.object({
  /** Behind the offset, what is given already: `[from, to]`, in the order of the file. */
  taken: z.array(z.tuple([z.int(), z.int()])).optional(),
  /** The lines of the file's heading, LF between them; empty: it has none so far. */
  heading: z.string().optional(),
})
export type Kept = z.infer<typeof keptSchema>

const fileSchema = z.object({
  id: z.int(),
  source: z.string(),
  path: z.string(),
  dev: z.number(),
  ino: z.number(),
  print: printSchema,
  /** In a packed file, of what is unpacked. */
  offset: z.int().nonnegative(),
  /** The reading stands within a line that was cut. */
  skip: z.boolean(),
  kept: keptSchema.optional(),
  /** The file is gone or was emptied: kept to know copies of it. */
  gone: z.boolean(),
  /** Size of a packed file that is read to its end. */
  packedSize: z.int().optional(),
})
export type SavedFile = z.infer<typeof fileSchema>

const readSchema = z.object({
  read: z.int(),
  from: z.int(),
  first: z.int(),
  ends: z.array(z.int()),
  to: z.int(),
  skip: z.boolean(),
  /** From the frame of this index on. Left out, nothing of it changes. */
  kept: z.array(z.tuple([z.int(), keptSchema])).optional(),
})
export type Reading = z.infer<typeof readSchema>

const entrySchema = z.union([z.object({ begun: z.string() }), z.object({ file: fileSchema }), readSchema, z.object({ forget: z.int() })])

const dataSync = promisify(fdatasync)
const compactBytes = 4 * 1024 * 1024

export class Positions {
  readonly #path: string
  readonly #begun = new Set<string>()
  readonly #files = new Map<number, SavedFile>()
  /** Readings whose frames may not be durable yet. */
  readonly #open = new Map<number, Reading>()
  #file: number
  #size = 0
  #compacted = 0
  #nextId = 1

  /** @param durableNext of the journal: frames at lower positions are there. */
  constructor(path: string, durableNext: number) {
    this.#path = path
    for (const line of readIfThere(path).split('\n')) this.#load(line, durableNext)
    this.#file = this.#rewrite()
  }

  filesOf(source: string): SavedFile[] {
    return [...this.#files.values()].filter((file) => file.source === source)
  }

  /** Whether the source was ever read before. */
  hasBegun(source: string): boolean {
    return this.#begun.has(source)
  }

  begin(source: string): void {
    if (this.#begun.has(source)) return
    this.#append({ begun: source })
    this.#begun.add(source)
  }

  newId(): number {
    return this.#nextId++
  }

  /** @throws an error of the file system; then nothing has changed */
  save(file: SavedFile): void {
    this.#append({ file })
    this.#files.set(file.id, file)
  }

  forget(id: number): void {
    this.#append({ forget: id })
    this.#files.delete(id)
  }

  /** Before the frames are given to the journal. @throws an error of the file system; then they must not be given */
  reading(reading: Reading): void {
    this.#append(reading)
    this.#open.set(reading.read, reading)
  }

  /** The frames of the reading are durable, and so is what `sync` was called for. */
  done(reading: Reading): void {
    this.#open.delete(reading.read)
    const file = this.#files.get(reading.read)
    if (file) this.#files.set(reading.read, { ...file, ...afterReading(reading) })
  }

  sync(): Promise<void> {
    return dataSync(this.#file)
  }

  async close(): Promise<void> {
    await this.sync()
    closeSync(this.#file)
  }

  #load(line: string, durableNext: number): void {
    const entry = parse(line)
    if (!entry) return
    if ('begun' in entry) this.#begun.add(entry.begun)
    else if ('forget' in entry) this.#files.delete(entry.forget)
    else if ('file' in entry) {
      this.#files.set(entry.file.id, entry.file)
      this.#nextId = Math.max(this.#nextId, entry.file.id + 1)
    } else {
      const file = this.#files.get(entry.read)
      if (file) this.#files.set(entry.read, { ...file, ...survived(entry, durableNext) })
    }
  }

  #append(entry: z.infer<typeof entrySchema>): void {
    if (this.#size > Math.max(compactBytes, this.#compacted * 4)) this.#compact()
    const bytes = Buffer.from(`${JSON.stringify(entry)}\n`)
    // At its place, not at the end: half an entry that a full disk left is written over.
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, this.#size + at)
    this.#size += bytes.length
  }

  #compact(): void {
    const before = this.#file
    this.#file = this.#rewrite()
    closeSync(before)
  }

  /** Only what counts, in a new file in place of the old one. */
  #rewrite(): number {
    const entries = [
      ...[...this.#begun].map((begun) => ({ begun })),
      ...[...this.#files.values()].map((file) => ({ file })),
      ...this.#open.values(),
    ]
    const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    writeFileSync(`${this.#path}.new`, bytes, { mode: 0o600, flush: true })
    renameSync(`${this.#path}.new`, this.#path)
    const folder = openSync(dirname(this.#path), 'r')
    fsyncSync(folder)
    closeSync(folder)
    this.#size = this.#compacted = bytes.length
    return openSync(this.#path, 'r+')
  }
}

/** Where a file stands when all frames of the reading are given. */
export function afterReading(reading: Reading): Partial<SavedFile> {
  return survived(reading, Infinity)
}

function survived({ from, first, ends, to, skip, kept = [] }: Reading, durableNext: number): Partial<SavedFile> {
  const frames = Math.min(ends.length, Math.max(0, durableNext - first))
  const inMind = kept.findLast(([index]) => index < frames)?.[1]
  const remembered = inMind && { kept: inMind }
  if (frames === ends.length) return { offset: to, skip, ...remembered }
  return frames === 0 ? { offset: from } : { offset: ends[frames - 1]!, skip: false, ...remembered }
}

function parse(line: string): z.infer<typeof entrySchema> | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
