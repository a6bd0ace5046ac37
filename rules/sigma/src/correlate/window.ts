/** What a group of hits remembers. One kind of window for each way to decide. */
import type { WindowSnapshot } from './types.ts'

/** A hit as a window takes it. */
export interface WindowHit {
  readonly time: number
  /** Which of the rule's `rules` fired. */
  readonly source: string
  /** Values to be counted as distinct; folded texts. */
  readonly keys: readonly string[]
  /** Values to be added up. */
  readonly numbers: readonly number[]
  readonly references: readonly string[]
}

/** What came true. */
export interface Outcome {
  readonly value: number
  readonly hits: number
  readonly from: number
  readonly to: number
  readonly references: readonly string[]
}

/** A window that decides at each hit; hits come in the order of their times. What has come true is spent: counting starts anew. */
export interface SlidingWindow {
  /** Remembered hits. */
  readonly size: number
  add(hit: WindowHit): Outcome | undefined
  snapshot(): WindowSnapshot
}

/** A window that opens at a group's first hit and decides when it is over. */
export interface ClosingWindow {
  readonly size: number
  readonly opened: number
  add(hit: WindowHit): void
  close(): Outcome | undefined
  snapshot(): WindowSnapshot
}

/** The newest references of a list of hits. */
export function newest(hits: readonly { readonly references: readonly string[] }[], most: number): readonly string[] {
  const references: string[] = []
  for (let at = hits.length - 1; at >= 0 && references.length < most; at--) references.unshift(...hits[at]!.references)
  return references.slice(-most)
}
