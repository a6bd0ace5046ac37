/** What the store asks of the engine's process, and what it answers. */
import type { Expression, Scalar } from '@vonggac/sigma'
import type { Aggregation } from '../../event-store.ts'
import type { Span } from '../condition.ts'
import type { Contents } from '../contents.ts'
import type { Segment } from '../manifest.ts'

export interface EngineSettings {
  readonly memoryMegabytes: number
  /** For intermediate files; emptied when the engine starts. */
  readonly temporaryFolder: string
}

export interface Statement {
  readonly sql: string
  readonly parameters: readonly Scalar[]
}

/** What a statement is on: hot tables or not, and so many segments. */
export interface Reads {
  readonly tables: boolean
  readonly segments: number
}

export const oneSegment: Reads = { tables: false, segments: 1 }

type Question = Statement & { readonly reads: Reads }

export interface EngineOperations {
  open: { ask: EngineSettings; answer: null }
  /**
   * Adds the events of log files to a table, which is made where it is missing. Lines that are no events go to the file `unreadable`. Tables of a
   * group become segments together.
   */
  load: {
    ask: { readonly logs: readonly string[]; readonly table: string; readonly group: number; readonly unreadable: string }
    answer: { readonly contents: Contents | null; readonly unreadable: number }
  }
  /** Writes the events of tables to segments, one an hour; they are durable under their names. Refused where the tables hold another number of them. */
  export: {
    ask: {
      readonly tables: readonly string[]
      readonly group: number
      readonly folder: string
      readonly number: number
      readonly events: number
    }
    answer: readonly Segment[]
  }
  /** Makes the signatures of segments of one hour as if they were one, for `rewrite`. Only the last are kept. */
  sign: { ask: { readonly paths: readonly string[] }; answer: null }
  /** Writes the rows of segments that satisfy the SQL `keep` as one new segment; refused where they are another number, or several and not signed. */
  rewrite: {
    ask: {
      readonly paths: readonly string[]
      readonly keep: string
      readonly folder: string
      readonly name: string
      readonly events: number
    }
    answer: Segment | null
  }
  drop: { ask: { readonly tables: readonly string[]; readonly group: number }; answer: null }
  checksum: { ask: { readonly path: string }; answer: string }
  /** Copies a file; durable under its new name. The checksum is that of the bytes read. */
  copy: { ask: { readonly from: string; readonly to: string }; answer: { readonly bytes: number; readonly crc: string } }
  rows: { ask: Question; answer: readonly (readonly (Scalar | undefined)[])[] }
  /** Whole rows as events, of those that satisfy `verify`. */
  events: { ask: Question & { readonly verify: Expression | null }; answer: EventRows }
  /** Counts whole rows, of those that satisfy `verify`. */
  tally: {
    ask: Question & { readonly verify: Expression; readonly by: Aggregation | null; readonly clock: Span['clock'] }
    answer: readonly Tallied[]
  }
  /** Measures a field of whole rows, of those that satisfy `verify`. */
  measure: { ask: Question & { readonly verify: Expression; readonly field: string }; answer: Measured }
}

export interface Measured {
  /** With a value. */
  readonly events: number
  /** Different ones; with `more`, some are left out. */
  readonly texts: readonly string[]
  readonly more: boolean
  readonly numbers: { readonly count: number; readonly minimum: number; readonly maximum: number; readonly sum: number } | null
}

export interface EventRows {
  readonly events: readonly { readonly id: string; readonly json: string }[]
}

export interface Tallied {
  readonly key: Exclude<Scalar, null>
  readonly part: string | null
  readonly count: number
}

export type Operation = keyof EngineOperations

export type ToEngine =
  | { [O in Operation]: { readonly id: number; readonly operation: O; readonly ask: EngineOperations[O]['ask'] } }[Operation]
  | { readonly id: number; readonly operation: 'interrupt' }

export interface FromEngine {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}
