/**
 * The IR over index fields, as a query. Where a query cannot say what a test means, it lets more documents through and `exact` is false: whoever
 * reads them asks the reference evaluator again. Under a negation "more" means that the inner query must let fewer through, hence `loose`.
 */
import { anyText, type ElasticsearchQuery, type Expression, type Predicate, type Test } from '@vonggac/sigma'
import { checkSearched } from '../../document-index.ts'
import { fieldPath, foldedText, longestIndexed, plainNumber } from './fields.ts'

export interface Condition {
  readonly query: ElasticsearchQuery
  readonly exact: boolean
}

const everything: ElasticsearchQuery = { match_all: {} }
const nothing: ElasticsearchQuery = { match_none: {} }
const allStrings = 'strings'
/** Of a longer text, the start is looked for: Lucene refuses patterns that become large automata. */
const longestPattern = 200

/** Throws `invalid-request` for a field that is not in the index. */
export function toCondition(where: Expression, fields: readonly string[]): Condition {
  return translate(where, fields, true)
}

function translate(expression: Expression, fields: readonly string[], loose: boolean): Condition {
  if ('not' in expression) {
    const { query, exact } = translate(expression.not, fields, !loose)
    return { query: { bool: { must_not: [query] } }, exact }
  }
  if ('all' in expression) return join(expression.all, (members) => ({ bool: { filter: members } }), everything, fields, loose)
  if ('any' in expression) {
    return join(expression.any, (members) => ({ bool: { should: members, minimum_should_match: 1 } }), nothing, fields, loose)
  }
  if (expression.field !== anyText) checkSearched(expression.field, fields)
  if (expression.test.kind === 'equalsField' && expression.test.other !== anyText) checkSearched(expression.test.other, fields)
  const { query, exact } = leaf(expression)
  return exact || loose ? { query, exact } : { query: nothing, exact }
}

function join(
  members: readonly Expression[],
  combine: (queries: readonly ElasticsearchQuery[]) => ElasticsearchQuery,
  empty: ElasticsearchQuery,
  fields: readonly string[],
  loose: boolean,
): Condition {
  const parts = members.map((member) => translate(member, fields, loose))
  const query = parts.length === 0 ? empty : combine(parts.map((part) => part.query))
  return { query, exact: parts.every(({ exact }) => exact) }
}

const unknown: Condition = { query: everything, exact: false }

function leaf({ field, test }: Predicate): Condition {
  const texts = field === anyText ? allStrings : fieldPath(field, 'folded')
  switch (test.kind) {
    case 'exists':
      return exact({ exists: { field: field === anyText ? allStrings : fieldPath(field, 'scalar') } })
    case 'null':
      return field === anyText ? unknown : exact(nullQuery(fieldPath(field, 'scalar')))
    case 'compare':
      return field === anyText ? unknown : exact({ range: { [fieldPath(field, 'number')]: { [test.operator]: plainNumber(test.value) } } })
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return textQuery(test, texts)
    default:
      return unknown
  }
}

function nullQuery(field: string): ElasticsearchQuery {
  return { bool: { should: [{ bool: { must_not: [{ exists: { field } }] } }, { term: { [field]: 'null' } }], minimum_should_match: 1 } }
}

type TextTest = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' }>

function textQuery(test: TextTest, field: string): Condition {
  const wanted = foldedText(test.value)
  const isExact = test.cased !== true
  // Documents with longer values are found by other means.
  if (wanted.length > longestIndexed) return { query: nothing, exact: isExact }
  if (test.kind === 'equals') return { query: { term: { [field]: wanted } }, exact: isExact }
  if (wanted === '') return { query: { exists: { field } }, exact: isExact }
  if (test.kind === 'prefix') return { query: { prefix: { [field]: wanted } }, exact: isExact }
  if (wanted.length > longestPattern) {
    return { query: { wildcard: { [field]: `*${literal(wholeCharacters(wanted.slice(0, longestPattern)))}*` } }, exact: false }
  }
  return { query: { wildcard: { [field]: test.kind === 'suffix' ? `*${literal(wanted)}` : `*${literal(wanted)}*` } }, exact: isExact }
}

/** Without half a character at the end. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '')
}

function literal(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&')
}

function exact(query: ElasticsearchQuery): Condition {
  return { query, exact: true }
}
