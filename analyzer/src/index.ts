export { startAnalyzer, type AnalyzerOptions, type RunningAnalyzer } from './start.ts'
export { Authority } from './onboarding/index.ts'
