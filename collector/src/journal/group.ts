import type { Frame } from '../frame.ts'
import { groupHeaderBytes, recordBytes, sealGroup, writeRecord } from './format.ts'

/** A group while it fills: records are written straight into the bytes that go to the disk. */
export class OpenGroup {
  readonly first: number
  readonly #sources = new Map<string, number>()
  #bytes: Buffer
  #used = groupHeaderBytes
  #count = 0
  /** The last source, counted apart from the map: frames of one source come in runs. */
  #runSource = ''
  #runCount = 0

  constructor(first: number, capacity: number) {
    this.first = first
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get count(): number {
    return this.#count
  }

  get size(): number {
    return this.#used
  }

  add(frame: Frame): void {
    const end = this.#used + recordBytes(frame.source, frame.peer, frame.bytes.length)
    if (end > this.#bytes.length) this.#grow(end)
    this.#used = writeRecord(this.#bytes, this.#used, frame)
    this.#count++
    if (frame.source === this.#runSource) {
      this.#runCount++
    } else {
      this.#endRun()
      this.#runSource = frame.source
      this.#runCount = 1
    }
  }

  seal(): SealedGroup {
    this.#endRun()
    return {
      first: this.first,
      count: this.#count,
      sources: this.#sources,
      bytes: this.#bytes.subarray(0, this.#used),
    }
  }

  #endRun(): void {
    if (this.#runCount > 0) this.#sources.set(this.#runSource, (this.#sources.get(this.#runSource) ?? 0) + this.#runCount)
    this.#runCount = 0
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#used)
    this.#bytes = grown
  }
}

/** A full group on its way to the disk. Its header is filled in when the segment, and so the salt, is known. */
export interface SealedGroup {
  readonly first: number
  readonly count: number
  /** Frames by source. */
  readonly sources: ReadonlyMap<string, number>
  readonly bytes: Buffer
}

export function stampGroup(group: SealedGroup, salt: number): void {
  sealGroup(group.bytes, { first: group.first, count: group.count, salt })
}
