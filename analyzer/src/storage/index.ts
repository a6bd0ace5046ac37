export * from './document-store.ts'
export type * from './event-store.ts'
export { openDuckDbEventStore, type DuckDbEventStore, type DuckDbOptions } from './duckdb/event-store.ts'
export { openLibsqlDocumentStore, type LibsqlOptions } from './libsql/document-store.ts'
