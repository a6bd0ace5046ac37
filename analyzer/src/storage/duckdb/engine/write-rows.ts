import { fields, type FlatEvent } from '@vonggac/contract'
import { readEvent, RejectedEvent } from '@vonggac/sigma'
import { open, type FileHandle } from 'node:fs/promises'
import { ownColumns } from '../catalogue.ts'
import type { Contents } from '../contents.ts'
import { toRow } from '../row.ts'
import { PlainLine } from './plain-line.ts'
import type { Signing } from './signing.ts'
import { UnsignedLines } from './unsigned-lines.ts'
import type { Workspace } from './workspace.ts'

/** A stored line, without its LF. */
export interface Line {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** It is certainly valid UTF-8. */
  readonly valid: boolean
}

export interface WrittenRows {
  readonly contents: Contents | null
  /** Lines that are no events. */
  readonly refused: readonly Line[]
  /** The columns that some row has a value for. */
  readonly columns: Iterable<string>
  /** Bytes of the longest row. */
  readonly longest: number
  /** Adds to the signatures what `writeRows` has left for later. */
  readonly sign: () => Promise<void>
}

/** The lines as rows for `read_json`, in their order. */
export async function writeRows(file: string, lines: readonly Line[], signing: Signing, workspace: Workspace): Promise<WrittenRows> {
  const handle = await open(file, 'w')
  try {
    const rows = new RowFile(handle, signing, workspace)
    for (const line of lines) await rows.add(line)
    return await rows.end()
  } finally {
    await handle.close()
  }
}

class RowFile {
  readonly #handle: FileHandle
  readonly #signing: Signing
  readonly #plain: PlainLine
  readonly #unsigned: UnsignedLines
  readonly #columns = new Set<string>()
  readonly #refused: Line[] = []
  readonly #contents = { events: 0, odd: 0, from: Infinity, to: -Infinity, first: '', last: '' }
  #target: Buffer
  #used = 0
  #longest = 0

  constructor(handle: FileHandle, signing: Signing, { plain, rows }: Workspace) {
    this.#handle = handle
    this.#signing = signing
    this.#plain = plain
    this.#plain.begin()
    this.#unsigned = new UnsignedLines(plain)
    this.#target = rows
  }

  /** Waits only where the portion is full. */
  add(line: Line): Promise<void> | undefined {
    const most = PlainLine.rowBytes(line.end - line.start)
    if (this.#used + most > this.#target.length) return this.#makeRoom(most).then(() => this.add(line))
    if (line.valid && this.#plain.read(line.bytes, line.start, line.end)) {
      const end = this.#plain.write(this.#target, this.#used, line.start, line.end)
      this.#unsigned.add(this.#signing.partOf(this.#plain), line.bytes, this.#plain.values.count)
      this.#count(this.#plain.id, this.#plain.receivedMs, false, end - this.#used)
      this.#used = end
      return undefined
    }
    return this.#addParsed(line)
  }

  async end(): Promise<WrittenRows> {
    await this.#flush()
    return {
      contents: this.#contents.events === 0 ? null : this.#contents,
      refused: this.#refused,
      columns: [...this.#plain.columns, ...this.#columns],
      longest: this.#longest,
      sign: () => this.#unsigned.sign(),
    }
  }

  async #addParsed(line: Line): Promise<void> {
    const event = eventOf(line.bytes.toString('utf8', line.start, line.end))
    const row = event && toRow(event)
    if (event === undefined || row === undefined) {
      this.#refused.push(line)
      return
    }
    this.#signing.addEvent(event, row)
    const json = Buffer.from(`${JSON.stringify(row)}\n`)
    await this.#makeRoom(json.length)
    this.#used += json.copy(this.#target, this.#used)
    for (const name of Object.keys(row)) if (row[name] !== undefined) this.#columns.add(name)
    this.#count(row[fields.id] as string, row[ownColumns.received] as number, row[ownColumns.odd] === true, json.length)
  }

  #count(id: string, receivedMs: number, odd: boolean, bytes: number): void {
    const contents = this.#contents
    contents.events++
    if (odd) contents.odd++
    contents.from = Math.min(contents.from, receivedMs)
    contents.to = Math.max(contents.to, receivedMs)
    if (contents.events === 1 || id < contents.first) contents.first = id
    if (id > contents.last) contents.last = id
    this.#longest = Math.max(this.#longest, bytes)
  }

  async #makeRoom(bytes: number): Promise<void> {
    if (this.#used + bytes <= this.#target.length) return
    await this.#flush()
    if (bytes > this.#target.length) this.#target = Buffer.allocUnsafe(bytes)
  }

  async #flush(): Promise<void> {
    for (let from = 0; from < this.#used;) from += (await this.#handle.write(this.#target, from, this.#used - from)).bytesWritten
    this.#used = 0
  }
}

/** Undefined for a line that is no event. Any other mistake fails the load, so that no fault of ours makes events unreadable. */
function eventOf(line: string): FlatEvent | undefined {
  try {
    return readEvent(line)
  } catch (error) {
    if (error instanceof RejectedEvent) return undefined
    throw error
  }
}
