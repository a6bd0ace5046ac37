import { batchLimits, type BatchTally } from '@vonggac/contract'
import { readRecord, type ReadGroup } from '../journal/index.ts'
import { makeEvent, type EventMaker } from './event.ts'
import { Tallies } from './tallies.ts'

/** From journal groups to batches of events: bytes go in and bytes come out, so that the work can be another thread's. */
export interface FrameParser {
  /** @returns `undefined` when the groups hold no position of the range. */
  parse(request: ParseRequest): Promise<ParsedBatch | undefined>
}

export interface ParseRequest {
  readonly groups: readonly ReadGroup[]
  /** The first position that is wanted. */
  readonly from: number
  /** The last one: given, it alone ends the batch. Otherwise the limits of the contract and a gap in the positions do, */
  readonly until?: number
  /** and at the latest this position. */
  readonly upTo?: number
}

export interface ParsedBatch {
  readonly first: number
  readonly last: number
  readonly count: number
  readonly tallies: readonly BatchTally[]
  /** NDJSON, each line ended by LF. */
  readonly bytes: Buffer
  /** For whoever is done with `bytes`: their memory is used again. Memory that is not released is garbage like any other. */
  readonly release?: () => void
}

export class BatchMaker {
  readonly #maker: EventMaker
  readonly #agencyOf: (source: string) => string

  constructor(maker: EventMaker, agencyOf: (source: string) => string) {
    this.#maker = maker
    this.#agencyOf = agencyOf
  }

  /** The batch stands at the start of `memory`, or of larger memory where that is too small. */
  make({ groups, from, until, upTo }: ParseRequest, memory: ArrayBuffer): ParsedBatch | undefined {
    const tallies = new Tallies(this.#agencyOf)
    const most = until === undefined ? batchLimits.events : Infinity
    const limit = until === undefined ? batchLimits.bytes : Infinity
    const lines = new Lines(limit, memory)
    let first = -1
    let last = -1
    for (const { frame, position } of framesOf(groups, from)) {
      if (position > (until ?? upTo ?? Infinity) || lines.count >= most || tallies.full) break
      if (until === undefined && last >= 0 && position !== last + 1) break
      const { line, rejected } = makeEvent(this.#maker, frame, position)
      if (!lines.add(line)) break
      tallies.count(frame.source, frame.receivedMs, rejected)
      if (first < 0) first = position
      last = position
    }
    if (first < 0) return undefined
    const range = until === undefined ? { first, last } : { first: from, last: until }
    return { ...range, count: lines.count, tallies: tallies.all(), bytes: lines.bytes() }
  }
}

function* framesOf(groups: readonly ReadGroup[], from: number) {
  for (const group of groups) {
    let offset = 0
    for (let index = 0; index < group.count; index++) {
      const position = group.first + index
      if (position < from) {
        offset += 4 + group.payload.readUInt32LE(offset)
        continue
      }
      const { frame, next } = readRecord(group.payload, offset)
      offset = next
      yield { frame, position }
    }
  }
}

/** NDJSON that grows, in memory of its own that can be handed to another thread; the line that would break the limit is not taken, unless it is the first. */
class Lines {
  readonly #limit: number
  #bytes: Buffer
  #used = 0
  count = 0

  constructor(limit: number, memory: ArrayBuffer) {
    this.#limit = limit
    this.#bytes = Buffer.from(memory)
  }

  add(line: string): boolean {
    const most = this.#used + line.length * 3 + 1
    if (most > this.#bytes.length) this.#grow(most)
    const end = this.#used + this.#bytes.write(line, this.#used, 'utf8')
    if (this.count > 0 && end + 1 > this.#limit) return false
    this.#bytes[end] = 10
    this.#used = end + 1
    this.count++
    return true
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#used)
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#used)
    this.#bytes = grown
  }
}
