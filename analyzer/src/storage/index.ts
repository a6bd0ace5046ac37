export * from './document-store.ts'
export type * from './event-store.ts'
export { openDuckDbEventStore } from './duckdb/event-store.ts'
export { openLibsqlDocumentStore } from './libsql/document-store.ts'
