import { batchLimits, type BatchTally } from '@vonggac/contract'
import type { Frame } from '../frame.ts'
import { readRecord, type ReadGroup } from '../journal/index.ts'
import { writeEvent, type EventMaker } from './event.ts'
import { LineWriter } from './line-writer.ts'
import { Tallies } from './tallies.ts'

/** From journal groups to batches of events: bytes go in and bytes come out, so that the work can be another thread's. */
export interface FrameParser {
  /** The groups are not read any more when it returns. @returns `undefined` when they hold no position of the range. */
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
  make({ groups, from, until, upTo }: ParseRequest, memory: ArrayBufferLike): ParsedBatch | undefined {
    const tallies = new Tallies(this.#agencyOf)
    const most = until === undefined ? batchLimits.events : Infinity
    const limit = until === undefined ? batchLimits.bytes : Infinity
    const lines = new LineWriter(memory, limit)
    let first = -1
    let last = -1
    for (const { frame, position } of framesOf(groups, from)) {
      if (position > (until ?? upTo ?? Infinity) || lines.count >= most || tallies.full) break
      if (until === undefined && last >= 0 && position !== last + 1) break
      const rejected = writeEvent(this.#maker, frame, position, lines)
      if (!lines.take()) break
      tallies.count(frame.source, frame.receivedMs, rejected)
      if (first < 0) first = position
      last = position
    }
    if (first < 0) return undefined
    const range = until === undefined ? { first, last } : { first: from, last: until }
    return { ...range, count: lines.count, tallies: tallies.all(), bytes: lines.bytes }
  }
}

function* framesOf(groups: readonly ReadGroup[], from: number) {
  let before: Frame | undefined
  for (const group of groups) {
    let offset = 0
    for (let index = 0; index < group.count; index++) {
      const position = group.first + index
      if (position < from) {
        offset += 4 + group.payload.readUInt32LE(offset)
        continue
      }
      const { frame, next } = readRecord(group.payload, offset, before)
      offset = next
      before = frame
      yield { frame, position }
    }
  }
}
