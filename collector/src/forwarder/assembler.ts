import { batchLimits } from '@vonggac/contract'
import type { Journal, JournalReader, ReadGroup } from '../journal/index.ts'
import type { FrameParser, ParsedBatch } from '../parsing/index.ts'
import type { BatchRange } from './checkpoint.ts'

/** Raw bytes of a batch at the most, whatever its events may come to. */
const mostRawBytes = 2 * 1024 * 1024
/** Of the size that a batch may have, so that a batch that comes out a little larger than expected need not be cut. */
const aimedShare = 0.85
/** Before anything has been parsed. */
const usualEventBytes = 1_024

interface Planned {
  readonly upTo: number
  readonly batch: Promise<ParsedBatch | undefined>
}

/**
 * Reads the journal in order and has batches made of it, several at once where there are threads to make them. Where a batch ends is guessed
 * beforehand from the size of the last ones; if one comes out too large it ends earlier, and what was planned behind it is planned again.
 */
export class Assembler {
  readonly #reader: JournalReader
  readonly #parser: FrameParser
  readonly #depth: number
  #window: ReadGroup[] = []
  #planned: Planned[] = []
  #plannedTo: number
  #eventBytes = usualEventBytes
  /** The next position that no batch holds yet. */
  position: number

  /** `depth` batches are made at once. */
  constructor(journal: Journal, parser: FrameParser, from: number, depth: number) {
    this.#reader = journal.reader(from)
    this.#parser = parser
    this.#depth = depth
    this.position = from
    this.#plannedTo = from
  }

  /** `undefined` when nothing more is durable. */
  async next(): Promise<ParsedBatch | undefined> {
    while (this.#planned.length < this.#depth) {
      const planned = this.#plan()
      if (!planned) break
      this.#planned.push(planned)
    }
    const head = this.#planned.shift()
    if (!head) return undefined
    const batch = await head.batch.catch((error: unknown) => {
      this.#forget()
      throw error
    })
    this.#advance((batch?.last ?? head.upTo) + 1)
    if (batch) this.#eventBytes = batch.bytes.length / batch.count
    if (batch && batch.last < head.upTo) this.#forget()
    return batch ?? this.next()
  }

  /** The batch with exactly these boundaries; `undefined` when none of its frames can be read any more. */
  async repeat({ first, last }: BatchRange): Promise<ParsedBatch | undefined> {
    while ((endOf(this.#window.at(-1)) ?? 0) <= last && this.#read()) continue
    const batch = await this.#parser.parse({ groups: this.#window, from: first, until: last })
    this.#advance(last + 1)
    this.#forget()
    return batch
  }

  close(): void {
    this.#reader.close()
  }

  /** The next stretch of positions without a gap that makes a batch of a good size. */
  #plan(): Planned | undefined {
    const most = Math.min(batchLimits.events, Math.max(1, Math.floor((batchLimits.bytes * aimedShare) / this.#eventBytes)))
    const groups: ReadGroup[] = []
    let from: number | undefined
    let frames = 0
    let bytes = 0
    for (let index = 0; frames < most && bytes < mostRawBytes; index++) {
      const group = this.#window[index] ?? this.#read()
      if (!group) break
      if (endOf(group)! <= this.#plannedTo) continue
      if (groups.length > 0 && group.first > endOf(groups.at(-1))!) break
      from ??= Math.max(this.#plannedTo, group.first)
      groups.push(group)
      frames = endOf(group)! - from
      bytes += group.payload.length
    }
    if (from === undefined) return undefined
    const upTo = from + Math.min(frames, most) - 1
    this.#plannedTo = upTo + 1
    const batch = this.#parser.parse({ groups, from, upTo })
    // Its failure is met when its turn comes; until then it is nobody's.
    batch.catch(() => {})
    return { upTo, batch }
  }

  #read(): ReadGroup | undefined {
    const group = this.#reader.next()
    if (group) this.#window.push(group)
    return group
  }

  #advance(position: number): void {
    this.position = position
    this.#window = this.#window.filter((group) => endOf(group)! > position)
  }

  /** What is under way behind the position is not waited for. */
  #forget(): void {
    for (const { batch } of this.#planned) void batch.then((made) => made?.release?.()).catch(() => {})
    this.#planned = []
    this.#plannedTo = this.position
  }
}

function endOf(group: ReadGroup | undefined): number | undefined {
  return group && group.first + group.count
}
