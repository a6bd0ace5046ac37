/**
 * Conversion to a language that cannot decide every test. A leaf that it cannot decide is widened: to everything that may satisfy it,
 * or, below a negation, to nothing. So what the query finds always includes what is wanted, and `exact` says whether it can include more.
 */
import type { Expression, Predicate } from '../ir/expression.ts'

/** A query, and whether it finds nothing but what was asked for. */
export interface Converted<Query> {
  readonly query: Query
  readonly exact: boolean
}

/** How a language combines queries; `any` of none finds nothing. */
export interface Language<Query> {
  all(members: readonly Query[]): Query
  any(members: readonly Query[]): Query
  not(member: Query): Query
  /** A query that finds all that satisfies the predicate; nothing else, when it is exact. */
  leaf(predicate: Predicate): Query
  isExact(predicate: Predicate): boolean
}

export function convert<Query>(expression: Expression, language: Language<Query>): Converted<Query> {
  let exact = true
  const converted = (part: Expression, wide: boolean): Query => {
    if ('all' in part) return language.all(part.all.map((member) => converted(member, wide)))
    if ('any' in part) return language.any(part.any.map((member) => converted(member, wide)))
    if ('not' in part) return language.not(converted(part.not, !wide))
    if (language.isExact(part)) return language.leaf(part)
    exact = false
    return wide ? language.leaf(part) : language.any([])
  }
  const query = converted(expression, true)
  return { query, exact }
}
