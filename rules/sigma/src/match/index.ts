/** What matching compiled rules needs and no more, so that a process that reads them from a cache starts without the YAML parser and the converters. */
export { createMatcher, type MatchedLines, type Matcher, type MatcherOptions, type MatcherStatistics } from './matcher.ts'
export type { OnHit, RejectedLine, RouteStatistics } from './matcher.ts'
export { decodeRuleSet, encodeRuleSet } from './rule-set.ts'
