export { changeRecord, readRecord, type RecordDeps } from './records.ts'
export { everyRecord } from './every.ts'
