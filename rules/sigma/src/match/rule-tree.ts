/** Rules as trees over numbered predicates, in negation normal form. */
import { type Expression, type Predicate } from '../ir/expression.ts'
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

/** Makes trees of canonical expressions; what expressions share, their trees share. */
export class TreeBuilder {
  readonly #predicates: PredicatesBuilder
  readonly #known = new Map<Expression, Tree>()

  constructor(predicates: PredicatesBuilder) {
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
    if ('not' in expression) return (this.treeOf(expression.not) as number) | 1
    return this.#predicates.add(expression satisfies Predicate) << 1
  }
}
