/**
 * What the store consists of: one file of records, each `<crc-32> <JSON>\n`, added and flushed. A segment is part of the store from the
 * moment its record is durable, and so are the log files, up to `flushedUpTo`, no longer needed.
 */
import { VonggacError } from '@vonggac/contract'
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { syncFolder } from './log/files.ts'
import { checksum } from './log/frame.ts'
import { policySchema, type Policy } from './retiring.ts'

const segmentPartSchema = z.object({
  dataset: z.string().nullable(),
  agency: z.string().nullable(),
  events: z.int(),
  from: z.int(),
  to: z.int(),
})

const segmentSchema = z.object({
  /** Below the folder of segments: `<day>/<hour>-<number>.parquet`. */
  name: z.string().regex(/^[\w-]+\/[\w-]+\.parquet$/),
  events: z.int().positive(),
  /** Events whose row is odd (row.ts). */
  odd: z.int().nonnegative(),
  bytes: z.int().positive(),
  crc: z.string(),
  /** Receive times of its first and its last event, milliseconds. */
  from: z.int(),
  to: z.int(),
  /** Ids of its first and its last event in the order of arrival. */
  first: z.string(),
  last: z.string(),
  catalogue: z.int(),
  /** First and last `@timestamp`, milliseconds; null where no event has one. Absent: not known, as is `parts`. */
  occurred: z.object({ from: z.int(), to: z.int() }).nullable().optional(),
  /** Address fields of which some value is no IPv4 address and so has no number (catalogue.ts). */
  unnumbered: z.array(z.string()).optional(),
  /** Its datasets and agencies with their events and receive times; null stands for events whose column is NULL. */
  parts: z.array(segmentPartSchema).optional(),
})
export type Segment = z.infer<typeof segmentSchema>

const recordSchema = z.object({
  add: z.array(segmentSchema).optional(),
  remove: z.array(z.string()).optional(),
  flushedUpTo: z.int().optional(),
  /** By collector, the highest position in the log files up to `flushedUpTo`. */
  positions: z.record(z.string(), z.int()).optional(),
  /** What is being deleted (retiring.ts) from now on; null when it is done. */
  retiring: policySchema.nullable().optional(),
})
export type ManifestRecord = z.infer<typeof recordSchema>

export interface ManifestState {
  readonly segments: Map<string, Segment>
  flushedUpTo: number
  readonly positions: Map<string, number>
  retiring: Policy | null
}

/** Records beyond those of its segments after which the file is written anew. */
const longManifest = 2_000

export class Manifest {
  readonly state: ManifestState
  readonly #path: string
  #handle: FileHandle
  /** Of whole records: what a failed write left behind them is cut off. */
  #bytes: number
  #records: number
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(path: string, handle: FileHandle, state: ManifestState, bytes: number, records: number) {
    this.#bytes = bytes
    this.#records = records
    this.#path = path
    this.#handle = handle
    this.state = state
  }

  /** Throws `store-failed` for a manifest damaged elsewhere than at its torn end: guessing would delete segments. */
  static async open(path: string): Promise<Manifest> {
    await mkdir(dirname(path), { recursive: true })
    const content = await readFile(path).catch(absent)
    const { records, end } = readRecords(content, path)
    const state: ManifestState = { segments: new Map(), flushedUpTo: 0, positions: new Map(), retiring: null }
    for (const record of records) apply(state, record)
    const handle = await open(path, 'a')
    if (end < content.length) await handle.truncate(end)
    await handle.sync()
    await syncFolder(dirname(path))
    return new Manifest(path, handle, state, end, records.length)
  }

  /** Resolves when the record is durable; only then does it count. */
  record(record: ManifestRecord): Promise<void> {
    const done = this.#turn.then(() => this.#write(record))
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #write(record: ManifestRecord): Promise<void> {
    const bytes = Buffer.from(line(record))
    try {
      await this.#handle.appendFile(bytes)
      await this.#handle.datasync()
      this.#bytes += bytes.length
    } catch (error) {
      await this.#handle.truncate(this.#bytes).catch(() => undefined)
      throw new VonggacError('store-failed', `The manifest ${this.#path} cannot be written. Check the disk.`, { cause: error })
    }
    apply(this.state, record)
    this.#records++
    // A long file is no harm: where it cannot be shortened, it is tried again after the next record.
    if (this.#records > longManifest + this.state.segments.size) await this.#shorten().catch(() => undefined)
  }

  /** Puts a file that says the same in one record in the place of the file, in one step; records go on in it. */
  async #shorten(): Promise<void> {
    const temporary = `${this.#path}.new`
    await rm(temporary, { force: true })
    const bytes = Buffer.from(manifestOf(this.state))
    const handle = await open(temporary, 'a')
    try {
      await handle.appendFile(bytes)
      await handle.sync()
      await rename(temporary, this.#path)
    } catch (error) {
      await handle.close()
      await rm(temporary, { force: true })
      throw error
    }
    const old = this.#handle
    this.#handle = handle
    this.#bytes = bytes.length
    this.#records = 1
    await old.close()
    await syncFolder(dirname(this.#path))
  }

  /** Throws `store-failed` where the file does not say the same any more. */
  async check(): Promise<void> {
    await this.#turn
    readRecords(await readFile(this.#path), this.#path)
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#handle.close()
  }
}

function apply(state: ManifestState, { add, remove, flushedUpTo, positions, retiring }: ManifestRecord): void {
  for (const segment of add ?? []) state.segments.set(segment.name, segment)
  for (const name of remove ?? []) state.segments.delete(name)
  for (const [collector, position] of Object.entries(positions ?? {})) state.positions.set(collector, position)
  state.flushedUpTo = flushedUpTo ?? state.flushedUpTo
  if (retiring !== undefined) state.retiring = retiring
}

/** The text of a manifest that says the same in one record. */
export function manifestOf({ segments, flushedUpTo, positions, retiring }: ManifestState): string {
  return line({ add: [...segments.values()], flushedUpTo, positions: Object.fromEntries(positions), retiring })
}

function line(record: ManifestRecord): string {
  const json = JSON.stringify(record)
  return `${checksum(Buffer.from(json))} ${json}\n`
}

function readRecords(content: Buffer, path: string): { readonly records: readonly ManifestRecord[]; readonly end: number } {
  const records: ManifestRecord[] = []
  let end = 0
  while (end < content.length) {
    const stop = content.indexOf('\n', end)
    const record = stop < 0 ? undefined : readRecord(content.subarray(end, stop))
    if (record !== undefined) {
      records.push(record)
      end = stop + 1
    } else if (stop < 0 || stop === content.length - 1) break
    else {
      const number = records.length + 1
      throw new VonggacError('store-failed', `Line ${number} of ${path} is damaged. Restore the file from a back-up, or correct the disk.`)
    }
  }
  return { records, end }
}

function readRecord(text: Buffer): ManifestRecord | undefined {
  const json = text.subarray(9)
  if (text.toString('latin1', 0, 9) !== `${checksum(json)} `) return undefined
  return recordSchema.safeParse(JSON.parse(json.toString())).data
}

function absent(error: NodeJS.ErrnoException): Buffer {
  if (error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}
