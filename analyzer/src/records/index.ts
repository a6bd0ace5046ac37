export { changeRecord, readRecord } from './records.ts'
