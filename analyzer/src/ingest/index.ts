export { createIngest, type IngestDeps } from './ingest.ts'
