export { sourcesHandlers, type SourcesDeps } from './handlers.ts'
export { Ledger, type LedgerDeps } from './ledger.ts'
