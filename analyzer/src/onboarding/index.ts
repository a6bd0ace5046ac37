export { Authority } from './authority/index.ts'
export { Assignments } from './assignments.ts'
export { deliveredLogSources } from './delivered-log-sources.ts'
