export { always, anyText, fieldsIn, never } from './ir/expression.ts'
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
  RelatedRule,
  RuleExpression,
  RuleLevel,
  RuleStatus,
} from './rule.ts'
export { evaluate, satisfies, satisfying, valuesOf, type ValueTest } from './ir/evaluate.ts'
export { explain, type Finding } from './ir/explain.ts'
export { flatten, readEvent, RejectedEvent, type Rejection } from './ir/event.ts'
export { compileRegex } from './ir/regex.ts'
export { parseGlob, type GlobPart } from './ir/glob.ts'
export { parseNetwork, type Network } from './ir/network.ts'
export { necessaryTexts } from './match/regex-literals.ts'
export { spansOf, type Span } from './ir/spans.ts'
export { fold, numberOf, textOf } from './ir/text.ts'
export { momentOf } from './ir/time.ts'
export {
  createMatcher,
  decodeRuleSet,
  encodeRuleSet,
  type MatchedLines,
  type Matcher,
  type MatcherOptions,
  type MatcherStatistics,
  type OnHit,
  type RejectedLine,
  type RouteStatistics,
} from './match/index.ts'
export { appliesTo, logSourceOf, type LogSourceFields } from './match/log-source.ts'
export { ExpressionStore } from './ir/canonical.ts'
export { parseSigma, type ParseOptions, type ParseResult, type RefusedDocument } from './syntax/parse.ts'
export type { CorrelationDocument, DetectionDocument, FilterDocument, SigmaDocument } from './syntax/document.ts'
export { compileRule, type CompileOptions, type CompileResult } from './compile/compile.ts'
export { loadRules, type LoadedRules, type NotApplicable, type OnDocument, type RuleFile } from './compile/load.ts'
export type { Placeholders } from './compile/placeholders.ts'
export { parsePipeline, type PipelineResult } from './pipeline/parse.ts'
export type { Pipeline } from './pipeline/pipeline.ts'
export { toDuckDbSql, type DuckDbCondition, type DuckDbOptions } from './convert/duckdb/convert.ts'
export type { DuckDbColumn } from './convert/duckdb/place.ts'
export { toElasticsearch, type ElasticsearchCondition, type ElasticsearchOptions } from './convert/elasticsearch/convert.ts'
export type { ElasticsearchField } from './convert/elasticsearch/field.ts'
export type { ElasticsearchQuery } from './convert/elasticsearch/query.ts'
export { toKql, type Kql, type KqlWriting } from './convert/kql/convert.ts'
export { toSigma, type SigmaMetadata, type SigmaRule } from './convert/sigma/convert.ts'
export type { SigmaProblem } from './convert/sigma/item.ts'
export {
  completeKql,
  type FieldInfo,
  type FieldType,
  type KqlCompletion,
  type KqlExpectation,
  type KqlFieldPattern,
  type KqlNode,
  type KqlOptions,
  type KqlProblem,
  type KqlResult,
  type KqlSuggestion,
  parseKql,
} from './kql/index.ts'
export { correlatedFields, createCorrelator } from './correlate/correlator.ts'
export type {
  CorrelationHit,
  Correlator,
  CorrelatorOptions,
  CorrelatorSnapshot,
  CorrelatorStatistics,
  Reception,
  Referable,
  RuleHit,
  RuleStatistics,
} from './correlate/types.ts'
export { lint } from './lint/lint.ts'
