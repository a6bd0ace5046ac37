import type { DocumentStore } from './document-store.ts'
import { openLibsqlDocumentStore } from './libsql/document-store.ts'
import type { Clock } from '../platform/clock.ts'

/** A document store in memory, for unit tests of what stands on it. */
export function openTestDocuments(clock?: Clock): DocumentStore {
  return openLibsqlDocumentStore({ folder: undefined, ...(clock && { clock }) })
}
