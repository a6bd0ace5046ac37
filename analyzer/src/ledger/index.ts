export { sourcesHandlers } from './handlers.ts'
export { Ledger } from './ledger.ts'
