import type { EventBatch, FieldName, FlatEvent, Page, Scalar, Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'

/** Receive times, `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: Date
  readonly to: Date
}

export interface EventQuery {
  readonly where: Expression
  readonly range: TimeRange
}

export interface EventSearch extends EventQuery {
  /** By `event.id`, which is the order of arrival. */
  readonly order: 'newest' | 'oldest'
  /** 1 to 1,000. */
  readonly limit: number
  /** `next` of the page before. Stable while events arrive. */
  readonly after?: string
}

/**
 * `time`: by the time of receipt, buckets with events only, ascending. `terms`: the most frequent values first, then by themselves; an event
 * with several values counts for each, one without any for none.
 */
export type Aggregation =
  | { readonly by: 'time'; readonly bucketSeconds: number; readonly split?: FieldName }
  | { readonly by: 'terms'; readonly field: FieldName; readonly size: number }

export interface Bucket {
  /** ISO time of the bucket's start, or the term as predicates compare it: the text of a number or boolean. */
  readonly key: Scalar
  readonly count: number
  /** Counts by the value of the `split` field; they need not sum up to `count`. */
  readonly parts?: Readonly<Record<string, number>>
}

export interface Appended {
  /** Events that this call made durable: less than the batch's count, or 0, for a repeat. */
  readonly stored: number
}

export interface Retired {
  readonly events: number
  readonly bytes: number
}

export interface EventStoreHealth {
  readonly state: 'ready' | 'degraded' | 'failed'
  readonly detail: string
  readonly events: number
  readonly bytes: number
}

/**
 * Events, append only. Adapters are held to one contract suite (event-store.contract.ts).
 *
 * Every read is bounded by its scope: an event of another agency does not exist for the caller.
 */
export interface EventStore {
  /**
   * Resolves when the batch is durable. A repeat of a batch, or of a part of it, is a no-op: batches of one collector come in the order of their
   * positions, so what lies at or below the highest stored position is there already.
   */
  append(batch: EventBatch): Promise<Appended>
  /** The highest position stored, by collector; what `append` compares with. */
  positions(): Promise<ReadonlyMap<string, number>>
  read(scope: Scope, id: string): Promise<FlatEvent | undefined>
  search(scope: Scope, query: EventSearch): Promise<Page<FlatEvent>>
  count(scope: Scope, query: EventQuery): Promise<number>
  aggregate(scope: Scope, query: EventQuery, by: Aggregation): Promise<readonly Bucket[]>
  /** Oldest first, in batches of NDJSON; for export, retro-hunts and migration. */
  scan(scope: Scope, query: EventQuery): AsyncIterable<Uint8Array>
  /** Deletes what was received before the time: it is invisible at once; `bytes` is the space given back by then. */
  retain(before: Date): Promise<Retired>
  health(): Promise<EventStoreHealth>
  close(): Promise<void>
}
