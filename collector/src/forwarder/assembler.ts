import type { Journal, JournalReader, ReadGroup } from '../journal/index.ts'
import type { FrameParser, ParsedBatch } from '../parsing/index.ts'
import type { BatchRange } from './checkpoint.ts'

/** Raw bytes handed to the parser at once: about what fills a batch. */
const windowBytes = 2 * 1024 * 1024
const windowFrames = 6_000

/** Reads the journal in order and makes batches of it. */
export class Assembler {
  readonly #reader: JournalReader
  readonly #parser: FrameParser
  #window: ReadGroup[] = []
  /** The next position that no batch holds yet. */
  position: number

  constructor(journal: Journal, parser: FrameParser, from: number) {
    this.#reader = journal.reader(from)
    this.#parser = parser
    this.position = from
  }

  /** `undefined` when nothing more is durable. */
  async next(): Promise<ParsedBatch | undefined> {
    this.#fill((bytes, frames) => bytes < windowBytes && frames < windowFrames)
    const batch = await this.#parser.parse({ groups: this.#window, from: this.position })
    if (batch) this.#advance(batch.last + 1)
    return batch
  }

  /** The batch with exactly these boundaries; `undefined` when none of its frames can be read any more. */
  async repeat({ first, last }: BatchRange): Promise<ParsedBatch | undefined> {
    this.#fill((_, __, end) => end <= last)
    const batch = await this.#parser.parse({ groups: this.#window, from: first, until: last })
    this.#advance(last + 1)
    return batch
  }

  close(): void {
    this.#reader.close()
  }

  #fill(wanted: (bytes: number, frames: number, end: number) => boolean): void {
    let bytes = this.#window.reduce((sum, group) => sum + group.payload.length, 0)
    let frames =
      this.#window.reduce((sum, group) => sum + group.count, 0) - Math.max(0, this.position - (this.#window[0]?.first ?? this.position))
    let end = endOf(this.#window.at(-1)) ?? 0
    while (wanted(bytes, frames, end)) {
      const group = this.#reader.next()
      if (!group) return
      this.#window.push(group)
      bytes += group.payload.length
      frames += group.count
      end = group.first + group.count
    }
  }

  #advance(position: number): void {
    this.position = position
    this.#window = this.#window.filter((group) => endOf(group)! > position)
  }
}

function endOf(group: ReadGroup | undefined): number | undefined {
  return group && group.first + group.count
}
