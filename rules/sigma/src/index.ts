export { always, anyText, never } from './ir/expression.ts'
export type { All, Any, Expression, FieldName, FlatEvent, Not, Predicate, Scalar, Test, TimePart } from './ir/expression.ts'
export type {
  CompiledRule,
  CorrelationCondition,
  CorrelationOperator,
  CorrelationRule,
  CorrelationType,
  Diagnostic,
  Filter,
  LogSource,
  Metadata,
  RuleExpression,
  RuleLevel,
  RuleStatus,
} from './rule.ts'
export { evaluate, satisfies, satisfying, valuesOf, type ValueTest } from './ir/evaluate.ts'
export { explain, type Finding } from './ir/explain.ts'
export { flatten, readEvent, RejectedEvent, type Rejection } from './ir/event.ts'
export { compileRegex } from './ir/regex.ts'
export { fold, numberOf, textOf } from './ir/text.ts'
export {
  createMatcher,
  type LogSourceFields,
  type MatchedLines,
  type Matcher,
  type MatcherOptions,
  type OnHit,
  type RejectedLine,
} from './match/matcher.ts'
