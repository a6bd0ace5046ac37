export { startAnalyzer, type AnalyzerOptions, type RunningAnalyzer } from './start.ts'
