export { deliveredLogSources } from './delivered-log-sources.ts'
