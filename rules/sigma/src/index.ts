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
