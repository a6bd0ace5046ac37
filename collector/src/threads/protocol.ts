import type { Assignment, SourceConfig } from '@vonggac/contract'
import type { EnrichmentSettings } from '../enrichment/index.ts'
import type { ParsedBatch, ParseRequest } from '../parsing/index.ts'

/** What a parsing thread is started with. */
export interface ThreadSetup {
  readonly collector: string
  readonly operator: string
  /** Those of `vonggac.yml`. */
  readonly sources: readonly SourceConfig[]
  readonly parsersFolder: string
  readonly assignment: Assignment | undefined
  readonly enrichment: EnrichmentSettings
}

/** A request whose groups stand one behind the other in `frames`; `events` is memory for the batch. Both are the thread's until it answers. */
export interface ParseOrder {
  readonly range: Omit<ParseRequest, 'groups'>
  readonly groups: readonly { readonly first: number; readonly count: number; readonly bytes: number }[]
  readonly frames: SharedArrayBuffer
  readonly events: SharedArrayBuffer
}

/** To a thread. Assignments have no answer; each request to parse has one, in the order in which they came. */
export type Order = { readonly parse: ParseOrder } | { readonly assign: Assignment }

/** What became of a request; the memory that came with it goes back. */
export interface ParseAnswer {
  readonly frames: SharedArrayBuffer
  /** What was sent or, where that was too small, larger memory. */
  readonly events: ArrayBufferLike
  /** Its `bytes` stand at the start of `events`. */
  readonly batch?: Omit<ParsedBatch, 'bytes' | 'release'> & { readonly bytes: number }
  readonly failed?: string
}

/** From a thread. `trouble` answers nothing: sentences about files that it cannot use, whenever they change. */
export type Answer = ParseAnswer | { readonly trouble: readonly string[] }
