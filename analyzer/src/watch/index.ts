export type { WatchedSource } from './alarm.ts'
export { readHolidays } from './calendar/holidays.ts'
export { findWatchRule } from './rules.ts'
export { Watch } from './watch.ts'
