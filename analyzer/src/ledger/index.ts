export { sourcesHandlers } from './handlers.ts'
export { lastHourOf } from './last-hour.ts'
export { Ledger } from './ledger.ts'
export { LedgerReading, type MinuteCounts } from './reading.ts'
