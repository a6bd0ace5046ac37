/**
 * Systemd's Journal Export Format, read from a stream (https://systemd.io/JOURNAL_EXPORT_FORMATS):
 *
 *     field:  NAME=value LF
 *         or  NAME LF | length u64 little-endian | value of so many bytes | LF
 *     entry:  fields, then an empty line
 *
 * Whatever comes, no more than the limit of one entry is held: what exceeds it is read, left out, and the entry says so.
 */
import { isUtf8 } from 'node:buffer'
import { frameFlags } from '../../../frame.ts'

export interface JournalEntry {
  /** A JSON object with the entry's fields. A field that comes several times is a list; a value that is no UTF-8 is `{"base64":…}`. */
  readonly json: Buffer
  readonly flags: number
  /** What names the entry for ever. */
  readonly cursor: string | undefined
}

/** The stream cannot be followed any further. */
export class BrokenExport extends Error {}

const LF = 10
const lengthBytes = 8
const validName = /^[A-Z0-9_]{1,64}$/i
/** Core dumps are stored in the journal; anything beyond is noise, not a length. */
const longestValue = 1024 * 1024 * 1024

type State = 'line' | 'length' | 'value' | 'end-of-value'

export class ExportReader {
  readonly #limit: number
  readonly #emit: (entry: JournalEntry) => void
  #state: State = 'line'
  #held: Buffer[] = []
  #heldBytes = 0
  #name = ''
  /** Bytes of the value that are still to come. */
  #left = 0
  #entry = new OpenEntry()

  constructor(limit: number, emit: (entry: JournalEntry) => void) {
    this.#limit = limit
    this.#emit = emit
  }

  /** @throws BrokenExport */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.#step(chunk, at)
  }

  /** The stream ended. @throws BrokenExport when it did so within a field */
  end(): void {
    if (this.#state !== 'line' || this.#heldBytes > 0) throw new BrokenExport('the stream ends within a field')
    this.#finishEntry()
  }

  /** What there is of an entry that did not end, flagged; its cursor does not count, since it may still come whole. */
  rest(): JournalEntry | undefined {
    this.#entry.flags |= frameFlags.badFraming
    const held = this.#release()
    if (held.length > 0) this.#entry.add(this.#state === 'line' ? '' : this.#name, held, this.#limit)
    const entry = this.#entry
    this.#entry = new OpenEntry()
    return entry.hasFields ? { ...entry.close(), cursor: undefined } : undefined
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'line': {
        const found = chunk.indexOf(LF, at)
        const end = found < 0 ? chunk.length : found
        this.#hold(chunk.subarray(at, end))
        if (found >= 0) this.#finishLine()
        return end + 1
      }
      case 'length': {
        const end = Math.min(chunk.length, at + lengthBytes - this.#heldBytes)
        this.#hold(chunk.subarray(at, end))
        if (this.#heldBytes === lengthBytes) this.#beginValue()
        return end
      }
      case 'value': {
        const end = Math.min(chunk.length, at + this.#left)
        this.#hold(chunk.subarray(at, end))
        this.#left -= end - at
        if (this.#left === 0) this.#state = 'end-of-value'
        return end
      }
      case 'end-of-value':
        if (chunk[at] !== LF) throw new BrokenExport(`the value of ${this.#name} is not followed by a line feed`)
        this.#add(this.#name, this.#release())
        this.#state = 'line'
        return at + 1
    }
  }

  #finishLine(): void {
    const line = this.#release()
    const equals = line.indexOf('=')
    if (line.length === 0) this.#finishEntry()
    else if (equals >= 0) this.#add(line.toString('utf8', 0, equals), line.subarray(equals + 1))
    else {
      this.#name = line.toString('utf8')
      this.#state = 'length'
    }
  }

  #beginValue(): void {
    const length = this.#release().readBigUInt64LE()
    if (length > longestValue) throw new BrokenExport(`the value of ${this.#name.slice(0, 64)} claims to be ${length} bytes long`)
    this.#left = Number(length)
    this.#state = this.#left === 0 ? 'end-of-value' : 'value'
  }

  /** The parts are copied: a view would keep the whole chunk in memory. */
  #hold(bytes: Buffer): void {
    const room = this.#limit - this.#heldBytes
    if (bytes.length > room) this.#entry.flags |= frameFlags.oversize
    if (room <= 0 || bytes.length === 0) return
    const kept = Buffer.from(bytes.subarray(0, room))
    this.#held.push(kept)
    this.#heldBytes += kept.length
  }

  #release(): Buffer {
    const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    return bytes
  }

  #add(name: string, value: Buffer): void {
    if (!validName.test(name)) this.#entry.flags |= frameFlags.badFraming
    this.#entry.add(name, value, this.#limit)
  }

  #finishEntry(): void {
    const entry = this.#entry
    this.#entry = new OpenEntry()
    if (entry.hasFields || entry.flags !== 0) this.#emit(entry.close())
  }
}

/** Names and values are held as JSON, so that the entry is as long as its frame will be. */
class OpenEntry {
  readonly #fields = new Map<string, string[]>()
  #bytes = 2
  #cursor: string | undefined
  flags = 0

  get hasFields(): boolean {
    return this.#fields.size > 0
  }

  add(name: string, value: Buffer, limit: number): void {
    const key = JSON.stringify(name)
    const json = isUtf8(value) ? JSON.stringify(value.toString('utf8')) : `{"base64":"${value.toString('base64')}"}`
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(json) + 4
    if (this.#bytes + bytes > limit) {
      this.flags |= frameFlags.oversize
      return
    }
    this.#bytes += bytes
    if (name === '__CURSOR') this.#cursor = value.toString('utf8')
    const values = this.#fields.get(key)
    if (values) values.push(json)
    else this.#fields.set(key, [json])
  }

  close(): JournalEntry {
    const members = [...this.#fields].map(([key, values]) => `${key}:${values.length === 1 ? values[0] : `[${values.join(',')}]`}`)
    return { json: Buffer.from(`{${members.join(',')}}`), flags: this.flags, cursor: this.#cursor }
  }
}
