/** Expressions in Elasticsearch's query DSL. */
import { anyText, type Expression, type Predicate } from '../../ir/expression.ts'
import { convert } from '../bounds.ts'
import { fieldQuery, type ElasticsearchField } from './field.ts'
import { allOf, anyOf, everything, not, type ElasticsearchQuery } from './query.ts'
import type { TextQuery } from './text.ts'

export interface ElasticsearchOptions {
  /** How a field is mapped; undefined for a field that the index does not have. Default: a keyword field of the same name. */
  readonly field?: (field: string) => ElasticsearchField | undefined
  /** The fields that keywords are looked for in: all that hold strings, and only those. Without them a keyword finds every document. */
  readonly texts?: readonly ElasticsearchField[]
}

export interface ElasticsearchCondition {
  readonly query: ElasticsearchQuery
  /** When false, the query also finds some other events: check what it finds with `evaluate`. */
  readonly exact: boolean
}

/**
 * The expression as a query in filter context. It supposes that stored events hold no nulls, which Elasticsearch cannot tell from missing
 * fields, and no scripts: what needs one is widened. Throws a SyntaxError for a regular expression that the reference evaluator refuses.
 */
export function toElasticsearch(expression: Expression, options: ElasticsearchOptions = {}): ElasticsearchCondition {
  const { field: mapping = asKeyword, texts } = options
  const leafOf = (predicate: Predicate): TextQuery => leaf(predicate, mapping, texts)
  return convert<ElasticsearchQuery, Predicate>(expression, {
    all: allOf,
    any: anyOf,
    not,
    leaf: (predicate) => leafOf(predicate).query,
    isExact: (predicate) => leafOf(predicate).exact,
  })
}

function asKeyword(field: string): ElasticsearchField {
  return { name: field, type: 'keyword' }
}

function leaf(
  { field, test }: Predicate,
  mapping: (field: string) => ElasticsearchField | undefined,
  texts?: readonly ElasticsearchField[],
): TextQuery {
  const fieldsOf = (name: string) => (name === anyText ? texts : [mapping(name)].filter((known) => known !== undefined))
  const fields = fieldsOf(field)
  if (test.kind === 'equalsField') {
    const others = fieldsOf(test.other)
    return { query: allOf([somewhere(fields), somewhere(others)]), exact: fields?.length === 0 || others?.length === 0 }
  }
  if (fields === undefined) return { query: everything, exact: false }
  if (test.kind === 'null') return { query: not(somewhere(fields)), exact: true }
  const leaves = fields.map((each) => fieldQuery(test, each))
  return { query: anyOf(leaves.map(({ query }) => query)), exact: leaves.every(({ exact }) => exact) }
}

function somewhere(fields: readonly ElasticsearchField[] | undefined): ElasticsearchQuery {
  return fields === undefined ? everything : anyOf(fields.map((field) => fieldQuery({ kind: 'exists' }, field).query))
}
