export { changeRecord, readRecord, type RecordDeps } from './records.ts'
