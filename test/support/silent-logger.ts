import type { AnalyzerOptions } from '@vonggac/analyzer'

const silent = () => {}

/** For an analyzer whose log nobody looks at. */
export const silentLogger: AnalyzerOptions['logger'] = {
  level: 'silent',
  fatal: silent,
  error: silent,
  warn: silent,
  info: silent,
  debug: silent,
  trace: silent,
  silent,
  child: () => silentLogger,
}
