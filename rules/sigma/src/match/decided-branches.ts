/**
 * Branches of trees that the index decides at a stroke. Where many members of a disjunction are predicates that the index decides, they
 * are taken as one: it is true when any of their atoms was found. Likewise the negated ones of a conjunction, which is then false.
 */
import type { Branch, Tree } from './rule-tree.ts'

/** Fewer members are tested one by one. */
const leastMembers = 4

export interface DecidedBranch {
  /** Of the members taken as one. */
  readonly number: number
  readonly predicates: readonly number[]
  /** The other members. */
  readonly rest: readonly Tree[]
}

export class DecidedBranches {
  readonly of = new Map<Branch, DecidedBranch>()
  readonly #indexed: Uint8Array

  /** `indexed` is 1 for predicates that the index decides. */
  constructor(indexed: Uint8Array) {
    this.#indexed = indexed
  }

  /** Numbers the branches of a tree that are worth it, from the count of those known on. */
  collect(tree: Tree): void {
    if (typeof tree === 'number' || this.of.has(tree)) return
    const predicates: number[] = []
    const rest: Tree[] = []
    for (const member of tree.members) {
      if (typeof member === 'number' && (member & 1) === (tree.all ? 1 : 0) && this.#indexed[member >> 1] === 1)
        predicates.push(member >> 1)
      else rest.push(member)
    }
    if (predicates.length >= leastMembers) this.of.set(tree, { number: this.of.size, predicates, rest })
    for (const member of rest) this.collect(member)
  }
}
