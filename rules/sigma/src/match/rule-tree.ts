/** Rules as trees over numbered predicates, in negation normal form. */
import type { Expression, Predicate } from '../ir/expression.ts'
import { parseGlob } from '../ir/glob.ts'
import type { ExpressionStore } from '../ir/canonical.ts'
import type { PredicatesBuilder } from './predicates.ts'

/** A predicate's number times two, plus one where it is negated; or a conjunction or disjunction. */
export type Tree = number | Branch

export class Branch {
  readonly all: boolean
  readonly members: readonly Tree[]
  constructor(all: boolean, members: readonly Tree[]) {
    this.all = all
    this.members = members
  }
}

/** Shorter literals of a pattern are in too many texts to be worth a test of their own. */
const shortestLiteral = 3

/** Makes trees of canonical expressions; what expressions share, their trees share. */
export class TreeBuilder {
  readonly #store: ExpressionStore
  readonly #predicates: PredicatesBuilder
  readonly #known = new Map<Expression, Tree>()

  constructor(store: ExpressionStore, predicates: PredicatesBuilder) {
    this.#store = store
    this.#predicates = predicates
  }

  treeOf(expression: Expression): Tree {
    const known = this.#known.get(expression)
    if (known !== undefined) return known
    const tree = this.#make(expression)
    this.#known.set(expression, tree)
    return tree
  }

  #make(expression: Expression): Tree {
    if ('all' in expression)
      return new Branch(
        true,
        expression.all.map((member) => this.treeOf(member)),
      )
    if ('any' in expression)
      return new Branch(
        false,
        expression.any.map((member) => this.treeOf(member)),
      )
    if ('not' in expression) return this.#negated(expression.not)
    return this.#withLiterals(expression)
  }

  /** The negation of a predicate, which for a pattern with literals is that of the pattern alone: the last member of its tree. */
  #negated(predicate: Expression): number {
    const tree = this.treeOf(predicate)
    return (typeof tree === 'number' ? tree : (tree.members.at(-1) as number)) | 1
  }

  /**
   * A pattern with several literals demands them all, of which one may be much rarer than the others, and they cost less to test than the
   * pattern.
   */
  #withLiterals(predicate: Predicate): Tree {
    const own = this.#predicates.add(predicate) << 1
    if (predicate.test.kind !== 'glob') return own
    const literals = parseGlob(predicate.test.pattern).flatMap((part) =>
      part.kind === 'text' && part.text.length >= shortestLiteral ? part.text : [],
    )
    if (literals.length < 2) return own
    const demanded = literals.map((value) => this.treeOf(this.#store.intern({ field: predicate.field, test: { kind: 'contains', value } })))
    return new Branch(true, [...demanded, own])
  }
}
