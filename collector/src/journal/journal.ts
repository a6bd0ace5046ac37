/**
 * The write-ahead log of the collector: each frame becomes durable here before anything reads it.
 *
 * Invariants
 * - `append` gives positions one after another for ever; a position is never given twice, also not after a crash (see `minimumNext`).
 * - `durable(position)` resolves only after fdatasync. Group commit: a group goes to the disk at 1 MB or 5 ms after the one before, so a
 *   frame on a quiet line goes at once, and a crash takes little of what senders cannot be told of.
 * - Readers see durable frames only, so nothing is forwarded that a power cut could take back.
 * - A write that fails is repeated, in a new segment, until it succeeds; meanwhile the journal is congested and the sources wait.
 * - A segment is deleted once all of its positions are acknowledged; the active one stays, so the next position survives. With `drop-oldest`,
 *   also one that no reader has reached, when the journal is nearly full: its frames are counted and its positions remembered first.
 *
 * The bytes are described in `format.ts`.
 */
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame } from '../frame.ts'
import { ensureFolder } from '../platform/index.ts'
import { countSegment } from './count-segment.ts'
import { DroppedRanges } from './dropped.ts'
import { OpenGroup, type SealedGroup } from './group.ts'
import { groupHeaderBytes, segmentFirst, segmentHeaderBytes } from './format.ts'
import { JournalReader } from './reader.ts'
import { type Aside, openAside } from './aside.ts'
import type { Corruption } from './corruption.ts'
import { recoverTail } from './recover.ts'
import { ActiveSegment, type SegmentInfo } from './segment.ts'

export interface JournalOptions {
  readonly folder: string
  readonly segmentBytes: number
  /** On disk and not acknowledged; reached, the journal is congested, or makes room. */
  readonly maxBytes: number
  /** `push-back` by default: the sources wait. `drop-oldest`: what nobody reads yet is given up, the oldest segment first, and counted. */
  readonly whenFull?: 'push-back' | 'drop-oldest'
  /** Frames that were given up to make room, by source. */
  readonly onDropped?: (sources: ReadonlyMap<string, number>) => void
  /** No position below it is given: what the forwarder has already promised to the analyzer. */
  readonly minimumNext?: number
  readonly commitMilliseconds?: number
  /** A group is durable: what it held, by source. */
  readonly onDurable?: (group: Pick<SealedGroup, 'first' | 'count' | 'sources'>) => void
  /** Called for each failed write; the journal goes on trying. */
  readonly onWriteError?: (error: unknown) => void
  /** A region could not be read: `lost` positions stood there. Its bytes are at `path`, if there was room to keep them. */
  readonly onCorrupt?: (corruption: Corruption) => void
}

const groupBytes = 1024 * 1024
const smallestGroupBytes = 64 * 1024
const commitMilliseconds = 5
/** Waiting for the disk: more than that and sources are paused. */
const pendingLimit = 8 * 1024 * 1024
const retryMilliseconds = 500
/** Of `maxBytes`: from there on, room is made where that is allowed, so that nobody need be turned away meanwhile. */
const nearlyFull = 0.9

export class Journal {
  readonly #options: JournalOptions
  readonly #aside: Aside
  readonly #segments: SegmentInfo[]
  readonly #segmentBytes: number
  #active: ActiveSegment | undefined
  #open: OpenGroup
  #sealed: SealedGroup[] = []
  #pendingBytes = 0
  /** Of all segments: asked for with each frame, so it is added up when it changes. */
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  /** When a group was last sent to the disk, by `performance.now()`. */
  #committedAt = -Infinity
  #writing: Promise<void> | undefined
  #durableNext: number
  #acknowledged = 0
  #closed = false
  #durableWaiters: { readonly position: number; readonly resolve: () => void }[] = []
  #readyWaiters: (() => void)[] = []
  readonly #dropped: DroppedRanges
  readonly #readers = new Set<JournalReader>()
  #makingRoom: Promise<void> | undefined

  private constructor(options: JournalOptions, segments: SegmentInfo[], next: number, aside: Aside, dropped: DroppedRanges) {
    this.#dropped = dropped
    this.#options = options
    this.#segments = segments
    this.#segmentBytes = Math.max(1, Math.min(options.segmentBytes, Math.floor(options.maxBytes / 4)))
    this.#durableNext = next
    this.#open = new OpenGroup(next, smallestGroupBytes)
    this.#aside = aside
  }

  static async open(options: JournalOptions): Promise<Journal> {
    await ensureFolder(options.folder)
    const segments = await listSegments(options.folder)
    const aside = await openAside(join(options.folder, 'aside'))
    const next = Math.max(await recoverTail(segments, aside, options.onCorrupt), options.minimumNext ?? 0)
    const journal = new Journal(options, segments, next, aside, await DroppedRanges.open(options.folder))
    await journal.#startSegment()
    return journal
  }

  /** The position of the next frame. */
  get next(): number {
    return this.#open.first + this.#open.count
  }

  /** Positions below it are durable. */
  get durableNext(): number {
    return this.#durableNext
  }

  /** The lowest position that can still be read. */
  get oldest(): number {
    return this.#segments[0]?.first ?? this.#durableNext
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whoever can push back does so now: too much waits for the disk, or the journal is full. `append` still takes what cannot wait. */
  get congested(): boolean {
    return this.#pendingBytes > pendingLimit || this.full
  }

  get full(): boolean {
    return this.bytes + this.#pendingBytes >= this.#options.maxBytes
  }

  /** Takes the frame into the open group and gives its position; the bytes are copied. */
  append(frame: Frame): number {
    if (this.#closed) throw new Error('The journal is closed.')
    const position = this.next
    const before = this.#open.size
    this.#open.add(frame)
    this.#pendingBytes += this.#open.size - before
    if (this.#open.size >= groupBytes) this.#commit()
    else this.#timer ??= setTimeout(() => this.#commit(), this.#pause())
    return position
  }

  /** Milliseconds until the next group may go. */
  #pause(): number {
    return Math.max(0, this.#committedAt + (this.#options.commitMilliseconds ?? commitMilliseconds) - performance.now())
  }

  /** Resolves when the frame at `position`, and so all before it, is durable. */
  durable(position: number): Promise<void> {
    if (position < this.#durableNext) return Promise.resolve()
    return new Promise((resolve) => this.#durableWaiters.push({ position, resolve }))
  }

  /** Resolves when the journal is not congested, or closed. */
  ready(): Promise<void> {
    if (!this.congested || this.#closed) return Promise.resolve()
    return new Promise((resolve) => this.#readyWaiters.push(resolve))
  }

  /** A reader that starts at `from`, or at the oldest frame that is still there. */
  reader(from: number): JournalReader {
    const view = {
      segments: this.#segments,
      durableNext: () => this.#durableNext,
      dropped: (first: number, end: number) => this.#dropped.between(first, end),
    }
    const reader: JournalReader = new JournalReader(view, from, this.#aside, this.#options.onCorrupt, () => this.#readers.delete(reader))
    this.#readers.add(reader)
    return reader
  }

  /** Positions below `next` are at the analyzer: segments that hold nothing else are deleted. */
  async acknowledge(next: number): Promise<void> {
    this.#acknowledged = Math.max(this.#acknowledged, next)
    while (this.#segments.length > 1 && this.#segments[1]!.first <= this.#acknowledged) {
      const [done] = this.#segments.splice(0, 1)
      this.#measure()
      await unlink(done!.path)
    }
    this.#wakeReady()
  }

  /** Writes what is pending and closes. With a disk that does not take it, gives up after one more attempt. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#commit()
    await this.#writing
    await this.#makingRoom
    await this.#active?.close()
    this.#wakeReady()
  }

  #commit(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#open.count > 0) {
      this.#committedAt = performance.now()
      const sealed = this.#open.seal()
      this.#sealed.push(sealed)
      // Groups are about as large as the one before: no megabyte is allocated for a few frames.
      this.#open = new OpenGroup(sealed.first + sealed.count, Math.min(groupBytes, sealed.bytes.length) + smallestGroupBytes)
    }
    this.#writing ??= this.#writeSealed().finally(() => (this.#writing = undefined))
  }

  async #writeSealed(): Promise<void> {
    while (this.#sealed.length > 0) {
      const groups = this.#sealed
      this.#sealed = []
      while (!(await this.#tryWrite(groups))) {
        if (this.#closed) return
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds))
      }
      this.#becameDurable(groups)
    }
  }

  async #tryWrite(groups: readonly SealedGroup[]): Promise<boolean> {
    try {
      if (!this.#active || this.#active.info.bytes >= this.#segmentBytes) await this.#startSegment()
      await this.#active!.append(groups)
      return true
    } catch (error) {
      this.#options.onWriteError?.(error)
      const failed = this.#active
      this.#active = undefined
      await failed?.close().catch(() => {})
      return false
    }
  }

  async #startSegment(): Promise<void> {
    const before = this.#active
    this.#active = undefined
    await before?.close()
    const active = await ActiveSegment.create(this.#options.folder, this.#durableNext)
    this.#active = active
    const last = this.#segments.at(-1)
    if (last?.first === active.info.first) this.#segments[this.#segments.length - 1] = active.info
    else this.#segments.push(active.info)
    this.#measure()
  }

  #measure(): void {
    this.#bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  #becameDurable(groups: readonly SealedGroup[]): void {
    for (const group of groups) {
      this.#durableNext = group.first + group.count
      this.#pendingBytes -= group.bytes.length - groupHeaderBytes
      this.#options.onDurable?.(group)
    }
    this.#measure()
    const waiting = this.#durableWaiters
    let met = 0
    while (met < waiting.length && waiting[met]!.position < this.#durableNext) waiting[met++]!.resolve()
    waiting.splice(0, met)
    this.#wakeReady()
    if (this.#options.whenFull !== 'drop-oldest' || this.bytes < this.#options.maxBytes * nearlyFull) return
    this.#makingRoom ??= this.#makeRoom()
      .catch((error: unknown) => this.#options.onWriteError?.(error))
      .finally(() => (this.#makingRoom = undefined))
  }

  async #makeRoom(): Promise<void> {
    while (this.bytes >= this.#options.maxBytes * nearlyFull) {
      const reached = Math.max(this.#acknowledged, ...[...this.#readers].map((reader) => reader.position))
      // What a reader has begun it will give to whoever forwards; and the active segment is being written.
      const index = this.#segments.findIndex(({ first }, place) => first > reached && place < this.#segments.length - 1)
      if (index < 0) return
      const segment = this.#segments[index]!
      const counts = countSegment(segment)
      await this.#dropped.add(segment.first, this.#segments[index + 1]!.first, this.#acknowledged)
      if ([...this.#readers].some((reader) => reader.position >= segment.first)) continue
      this.#segments.splice(this.#segments.indexOf(segment), 1)
      this.#measure()
      this.#options.onDropped?.(counts)
      await unlink(segment.path)
      this.#wakeReady()
    }
  }

  #wakeReady(): void {
    if (this.#readyWaiters.length === 0 || (this.congested && !this.#closed)) return
    const waiters = this.#readyWaiters
    this.#readyWaiters = []
    for (const resolve of waiters) resolve()
  }
}

/** Whether nothing was ever journaled in the folder, or all that was is gone. */
export async function isNewJournal(folder: string): Promise<boolean> {
  await ensureFolder(folder)
  return (await listSegments(folder)).length === 0
}

async function listSegments(folder: string): Promise<SegmentInfo[]> {
  const segments: SegmentInfo[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const first = segmentFirst(name)
    if (first === undefined) continue
    const path = join(folder, name)
    segments.push({ path, first, bytes: Math.max((await stat(path)).size, segmentHeaderBytes) })
  }
  return segments
}
