/** The query language alone, for a page that is to load fast: without the YAML parser, the matcher and the regular expressions. */
/** A field's name and a text as a query writes them, for conditions that a program puts together. */
export { fieldName, quoted } from '../convert/kql/write.ts'
export { completeKql, type KqlCompletion, type KqlExpectation, type KqlSuggestion } from './complete.ts'
export type { FieldInfo, FieldType } from './fields.ts'
export { parseKql, type KqlFieldPattern, type KqlOptions, type KqlResult } from './parse.ts'
export type { KqlGroup, KqlLiteral, KqlMatch, KqlNode, KqlNot, KqlProblem, KqlRange, KqlValue, KqlWord } from './syntax.ts'
