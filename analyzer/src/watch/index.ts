export { readHolidays } from './calendar/holidays.ts'
export { findWatchRule } from './rules.ts'
export { Watch } from './watch.ts'
export { watchedSources } from './watched-sources.ts'
