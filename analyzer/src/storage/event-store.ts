import type { AgencyId, EventBatch, FieldName, FlatEvent, Page, Said, Scalar, Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'

/** `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: Date
  readonly to: Date
  /** Which time is meant: that of receipt (the default), or `@timestamp`, which the sender's clock made. */
  readonly clock?: 'received' | 'occurred'
}

export interface EventQuery {
  readonly where: Expression
  readonly range: TimeRange
  /** Ends the work in the engine as well; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface FieldOrder {
  readonly field: FieldName
  readonly direction: 'ascending' | 'descending'
}

export interface EventSearch extends EventQuery {
  /**
   * By `event.id`, which is the order of arrival; or by a field: numbers and times by their value, all else as text, of several values the
   * least (ascending) or greatest; events without a value last, ties by `event.id`.
   */
  readonly order: 'newest' | 'oldest' | FieldOrder
  /** 1 to 1,000. */
  readonly limit: number
  /** `next` of the page before. Stable while events arrive. */
  readonly after?: string
}

/**
 * `time`: by the clock of the query's range, buckets with events only, ascending. `terms`: the most frequent (or the rarest) values first,
 * then by themselves; an event with several values counts for each, one without any for none.
 */
export type Aggregation =
  | { readonly by: 'time'; readonly bucketSeconds: number; readonly split?: FieldName }
  | { readonly by: 'terms'; readonly field: FieldName; readonly size: number; readonly first?: 'most' | 'rarest' }

export interface Bucket {
  /** ISO time of the bucket's start, or the term as predicates compare it: the text of a number or boolean. */
  readonly key: Scalar
  readonly count: number
  /** Counts by the value of the `split` field; they need not sum up to `count`. */
  readonly parts?: Readonly<Record<string, number>>
}

/** What a field holds in the events of a query. */
export interface Measure {
  /** Events with a value. */
  readonly events: number
  /** Different values; counted by a sketch, and so only about right, where `exact` is false. */
  readonly distinct: number
  readonly exact: boolean
  /** Of a field with numbers; of an event with several values each counts. */
  readonly numbers?: { readonly minimum: number; readonly maximum: number; readonly mean: number; readonly sum: number }
}

/** For people who wonder why a search is fast or slow. */
export interface Explanation {
  /** What the store consists of: Parquet segments and hot tables, or backing indices. */
  readonly unit: 'segment' | 'index'
  readonly all: Extent
  /** What had to be read. */
  readonly scanned: Extent
  /** Why the rest had not: `time`, `agency`, `dataset`, `values` (a bloom filter or signature rules out a value), `damaged`. */
  readonly pruned: readonly { readonly by: string; readonly units: number; readonly events: number }[]
  /** Parts of the condition that the engine cannot decide: what it found is verified event by event. */
  readonly verified: boolean
}

export interface Extent {
  readonly units: number
  readonly events: number
  readonly bytes: number
}

export interface Appended {
  /** Events that this call made durable: less than the batch's count, or 0, for a repeat. */
  readonly stored: number
}

export interface Retired {
  readonly events: number
  readonly bytes: number
}

/** What is deleted for its age; everything is by the time of receipt. */
export interface Retention {
  /** What was received before it goes, unless an exception says otherwise. */
  readonly before: Date
  /** The first that names an event's agency and dataset decides instead of `before`. */
  readonly exceptions: readonly (Part & { readonly before: Date })[]
  /** What stays whatever its age: evidence that the law or a court wants. */
  readonly holds: readonly (Part & { readonly from: Date; readonly to: Date })[]
}

/** Without a name, every agency or dataset. */
export interface Part {
  readonly agency?: AgencyId
  readonly dataset?: string
}

export interface EventStoreHealth {
  readonly engine: 'embedded' | 'elasticsearch'
  readonly state: 'ready' | 'degraded' | 'failed'
  /** Sentences for people: what is wrong and what to do; empty when nothing is. */
  readonly detail: Said
  readonly events: number
  readonly bytes: number
  /** Receive times of the first and last event. */
  readonly oldest?: Date
  readonly newest?: Date
  readonly disk?: {
    readonly freeBytes: number
    /** What the store may take; undefined where the operator set no limit. */
    readonly budgetBytes?: number
    /** At the pace of the last day; undefined while that is not known or nothing grows. */
    readonly daysLeft?: number
  }
  /** Segments by day, or indices or nodes: what there is, for the page of the store's health. */
  readonly parts: readonly {
    readonly name: string
    readonly events: number
    readonly bytes: number
    readonly state: 'ready' | 'degraded' | 'failed'
    readonly detail?: Said
  }[]
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
  measure(scope: Scope, query: EventQuery, field: FieldName): Promise<Measure>
  /** Names of fields, the 4,000 first that are found: every one that an event of the range has, and others that the store has a place for. */
  fieldNames(scope: Scope, query: Omit<EventQuery, 'where'>): Promise<readonly FieldName[]>
  /** What a search would read, without reading it. */
  explain(scope: Scope, query: EventQuery): Promise<Explanation>
  /** Oldest first, in batches of NDJSON; for export, retro-hunts and migration. */
  scan(scope: Scope, query: EventQuery): AsyncIterable<Uint8Array>
  /** Deletes what the policy gives up: it is invisible at once; `bytes` is the space given back by then. Nothing that it holds or keeps is touched. */
  retain(policy: Retention): Promise<Retired>
  health(): Promise<EventStoreHealth>
  close(): Promise<void>
}
