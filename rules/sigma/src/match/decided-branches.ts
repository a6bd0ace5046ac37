/**
 * Branches of trees that the index decides at a stroke, and not member by member.
 *
 * A conjunction of `not .com`, `not .exe`, `not (.dat and nvidia)` … is settled but for its other members where none of these texts was
 * found: `.com` and `.exe` are its exact predicates, one of which makes it false when found; `.dat` stands for a member that must then be
 * tried. Disjunctions of the same without `not` likewise.
 */
import type { Branch, Tree } from './rule-tree.ts'

/** Fewer predicates are asked one by one. */
const leastMembers = 4

/** Predicates of which it is asked at once whether any was found. */
export interface Together {
  readonly number: number
  readonly predicates: readonly number[]
}

export interface DecidedBranch {
  /** One of these found decides the branch. */
  readonly exact: Together
  /** While none of these is found, `doubtful` members decide nothing. */
  readonly doubts: Together
  readonly doubtful: readonly Tree[]
  /** The other members. */
  readonly rest: readonly Tree[]
}

export class DecidedBranches {
  readonly of = new Map<Branch, DecidedBranch>()
  /** All that is asked together, by number. */
  readonly together: Together[] = []
  readonly #indexed: Uint8Array

  /** `indexed` is 1 for predicates that the index decides. */
  constructor(indexed: Uint8Array) {
    this.#indexed = indexed
  }

  /** Adds the branches of a tree that are worth it. */
  collect(tree: Tree): void {
    if (typeof tree === 'number' || this.of.has(tree)) return
    const exact: number[] = []
    const doubts: number[] = []
    const doubtful: Tree[] = []
    const rest: Tree[] = []
    for (const member of tree.members) {
      const own = this.#settling(member, tree.all)
      const inner = this.#settlingInside(member, tree.all)
      if (own !== undefined) exact.push(own)
      else if (inner === undefined) rest.push(member)
      else {
        doubts.push(inner)
        doubtful.push(member)
      }
    }
    if (exact.length + doubts.length >= leastMembers)
      this.of.set(tree, { exact: this.#ask(exact), doubts: this.#ask(doubts), doubtful, rest })
    for (const member of tree.members) this.collect(member)
  }

  /** The predicate of a literal which is neutral in a conjunction, or a disjunction, as long as the predicate is not found. */
  #settling(literal: Tree, all: boolean): number | undefined {
    if (typeof literal !== 'number' || (literal & 1) !== (all ? 1 : 0)) return undefined
    return this.#indexed[literal >> 1] === 1 ? literal >> 1 : undefined
  }

  /** The same of a branch of the other kind: one such member makes it neutral. */
  #settlingInside(branch: Tree, all: boolean): number | undefined {
    if (typeof branch === 'number' || branch.all === all) return undefined
    for (const member of branch.members) {
      const settling = this.#settling(member, all)
      if (settling !== undefined) return settling
    }
    return undefined
  }

  #ask(predicates: readonly number[]): Together {
    const asked = { number: this.together.length, predicates }
    this.together.push(asked)
    return asked
  }
}
