/**
 * Conversion to a language that cannot decide every test. A leaf that it cannot decide is widened: to everything that may satisfy it,
 * or, below a negation, to nothing. So what the query finds always includes what is wanted, and `exact` says whether it can include more.
 */

/** A query, and whether it finds nothing but what was asked for. */
export interface Converted<Query> {
  readonly query: Query
  readonly exact: boolean
}

/** An expression over leaves of any kind; `Expression` is one over predicates. */
export type Tree<Leaf> =
  | Leaf
  | { readonly all: readonly Tree<Leaf>[] }
  | { readonly any: readonly Tree<Leaf>[] }
  | { readonly not: Tree<Leaf> }

/** How a language combines queries; `any` of none finds nothing. */
export interface Language<Query, Leaf> {
  all(members: readonly Query[]): Query
  any(members: readonly Query[]): Query
  not(member: Query): Query
  /** A query that finds all that satisfies the leaf; nothing else, when it is exact. */
  leaf(leaf: Leaf): Query
  isExact(leaf: Leaf): boolean
}

export function convert<Query, Leaf extends object>(expression: Tree<Leaf>, language: Language<Query, Leaf>): Converted<Query> {
  let exact = true
  const converted = (part: Tree<Leaf>, wide: boolean): Query => {
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
