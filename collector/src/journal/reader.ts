import type { Aside } from './aside.ts'
import { segmentHeaderBytes } from './format.ts'
import type { Corruption } from './corruption.ts'
import { SegmentFile, type CorruptRegion, type ReadGroup, type SegmentInfo } from './segment.ts'

/** What the reader sees of the journal; `segments` changes as the journal grows and is acknowledged. */
export interface JournalView {
  readonly segments: readonly SegmentInfo[]
  readonly durableNext: () => number
  /** How many positions of the range were given up to make room, and are counted as such. */
  readonly dropped: (from: number, to: number) => number
}

/**
 * Reads durable groups in order. What cannot be read is skipped to the next readable group, kept aside and reported with the number of
 * positions that it held, so that a gap in the positions is never unexplained.
 */
export class JournalReader {
  readonly #view: JournalView
  readonly #aside: Aside
  readonly #onCorrupt: ((corruption: Corruption) => void) | undefined
  readonly #onClose: () => void
  #position: number
  #file: SegmentFile | undefined
  #info: SegmentInfo | undefined
  #offset = segmentHeaderBytes

  constructor(
    view: JournalView,
    from: number,
    aside: Aside,
    onCorrupt: ((corruption: Corruption) => void) | undefined,
    onClose: () => void = () => {},
  ) {
    this.#onClose = onClose
    this.#view = view
    this.#position = from
    this.#aside = aside
    this.#onCorrupt = onCorrupt
  }

  /** The next group that holds a position of `from` or more, or `undefined` when nothing more is durable. The first one may begin before `from`. */
  next(): ReadGroup | undefined {
    while (this.#position < this.#view.durableNext()) {
      if (!this.#file && !this.#openSegment()) return undefined
      const info = this.#info!
      const following = this.#view.segments.find((segment) => segment.first > info.first)
      const step = this.#file!.step(this.#offset, info.bytes)
      if (step.kind === 'end') {
        if (!following) return undefined
        this.#skipTo(following.first, { path: info.path, offset: this.#offset, bytes: Buffer.alloc(0) })
        this.#closeSegment()
        continue
      }
      this.#offset = step.next
      if (step.kind === 'corrupt') {
        const nextFirst = this.#firstAfter(info, following)
        this.#skipTo(nextFirst, step.region)
        continue
      }
      const { group } = step
      if (following && group.first >= following.first) continue
      if (group.first + group.count <= this.#position) continue
      this.#position = group.first + group.count
      return group
    }
    return undefined
  }

  /** The next position that it will give. */
  get position(): number {
    return this.#position
  }

  close(): void {
    this.#closeSegment()
    this.#onClose()
  }

  #openSegment(): boolean {
    const info = this.#view.segments.findLast((segment) => segment.first <= this.#position) ?? this.#view.segments[0]
    if (!info) return false
    this.#position = Math.max(this.#position, info.first)
    this.#file = new SegmentFile(info.path)
    this.#info = info
    this.#offset = segmentHeaderBytes
    return true
  }

  #closeSegment(): void {
    this.#file?.close()
    this.#file = undefined
    this.#info = undefined
  }

  /** The first position that can be read behind a corrupt region which ends at the present offset. */
  #firstAfter(info: SegmentInfo, following: SegmentInfo | undefined): number {
    const step = this.#file!.step(this.#offset, info.bytes)
    if (step.kind === 'group') return step.group.first
    return following?.first ?? this.#view.durableNext()
  }

  #skipTo(first: number, region: CorruptRegion): void {
    const lost = Math.max(0, first - this.#position - this.#view.dropped(this.#position, first))
    this.#position = Math.max(this.#position, first)
    if (lost === 0) return
    this.#onCorrupt?.({
      segment: region.path,
      offset: region.offset,
      bytes: region.bytes.length,
      lost,
      keptAt: this.#aside.keep(region),
    })
  }
}
