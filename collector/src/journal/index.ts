export { countBySource, readRecord } from './format.ts'
export { Journal, type Corruption, type JournalOptions } from './journal.ts'
export type { JournalReader } from './reader.ts'
export type { ReadGroup } from './segment.ts'
