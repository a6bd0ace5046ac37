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

/** To a thread. Assignments have no answer; each request to parse has one, in the order in which they came. */
export type Order = { readonly parse: ParseRequest } | { readonly assign: Assignment }

/** From a thread, whose buffers arrive as plain byte arrays. `trouble` answers nothing: sentences about files that it cannot use, whenever they change. */
export type Answer = { readonly batch: ParsedBatch | undefined } | { readonly failed: string } | { readonly trouble: readonly string[] }
