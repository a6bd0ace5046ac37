/**
 * Rules as programs: steps `[what to ask, next if true, next if false]` in one array, run by one loop.
 *
 * A rule is compiled when it first becomes a candidate, with the members of each conjunction and disjunction in the order that is
 * likeliest to decide soonest. A predicate whose atom the index looks for is known to be false when it was not found.
 */
import type { DecidedBranches, Together } from './decided-branches.ts'
import type { Outlook } from './outlook.ts'
import type { PredicateTester } from './predicate-test.ts'
import type { Branch, Tree } from './rule-tree.ts'

const accept = -1
const reject = -2
const stepSize = 3

/** What a step asks, in the lowest two bits of its first number: a predicate, one that the index decides, or whether any of several was found. */
const askPredicate = 0
const askKnown = 1
const askTogether = 2

export class Programs {
  readonly #trees: readonly Tree[]
  readonly #indexed: Uint8Array
  readonly #decided: DecidedBranches
  readonly #outlook: Outlook
  /** By tree: the place of its first step plus one, accept or reject; 0 where it is not compiled. */
  readonly #entries: Int32Array
  #code = new Int32Array(1024)
  #length = 0

  /** `indexed` is 1 for predicates that the index decides. */
  constructor(trees: readonly Tree[], indexed: Uint8Array, decided: DecidedBranches, outlook: Outlook) {
    this.#trees = trees
    this.#indexed = indexed
    this.#decided = decided
    this.#outlook = outlook
    this.#entries = new Int32Array(trees.length)
  }

  get memory(): number {
    return this.#code.byteLength + this.#entries.byteLength + this.#indexed.byteLength
  }

  /** `foundAt` holds, by number of what is asked together from `firstTogether` on, the generation in which one of it was last found. */
  isTrue(tree: number, tester: PredicateTester, foundAt: Int32Array, firstTogether: number, generation: number): boolean {
    let at = this.#entries[tree]!
    if (at === 0) at = this.#compile(tree)
    if (at > 0) at--
    const code = this.#code
    while (at >= 0) {
      const asked = code[at]!
      const what = asked >> 2
      const kind = asked & 3
      const truth =
        kind === askPredicate
          ? tester.holds(what)
          : kind === askKnown
            ? tester.isKnownTrue(what)
            : foundAt[firstTogether + what] === generation
      at = truth ? code[at + 1]! : code[at + 2]!
    }
    return at === accept
  }

  #compile(tree: number): number {
    const first = this.#emit(this.#trees[tree]!, accept, reject)
    const entry = first >= 0 ? first + 1 : first
    this.#entries[tree] = entry
    return entry
  }

  /** Emits the steps that decide the tree and go on at `onTrue` or `onFalse`; returns where they begin. */
  #emit(tree: Tree, onTrue: number, onFalse: number): number {
    if (typeof tree === 'number') {
      const predicate = tree >> 1
      const asked = (predicate << 2) | (this.#indexed[predicate] === 1 ? askKnown : askPredicate)
      return (tree & 1) === 1 ? this.#step(asked, onFalse, onTrue) : this.#step(asked, onTrue, onFalse)
    }
    const decided = this.#decided.of.get(tree)
    const otherwise = tree.all ? onTrue : onFalse
    if (decided === undefined) return this.#emitMembers(tree, tree.members, otherwise, onTrue, onFalse)
    const { exact, doubts, doubtful, rest } = decided
    let next = this.#emitMembers(tree, rest, otherwise, onTrue, onFalse)
    if (doubtful.length > 0) next = this.#step(together(doubts), this.#emitMembers(tree, doubtful, next, onTrue, onFalse), next)
    return exact.predicates.length === 0 ? next : this.#step(together(exact), tree.all ? onFalse : onTrue, next)
  }

  /** Emits some of a branch's members, which go on at `otherwise` where none of them decides it. */
  #emitMembers(branch: Branch, members: readonly Tree[], otherwise: number, onTrue: number, onFalse: number): number {
    let next = otherwise
    for (const member of this.#ordered(branch, members).reverse())
      next = branch.all ? this.#emit(member, next, onFalse) : this.#emit(member, onTrue, next)
    return next
  }

  #step(asked: number, onTrue: number, onFalse: number): number {
    if (this.#length + stepSize > this.#code.length) {
      const larger = new Int32Array(this.#code.length * 2)
      larger.set(this.#code)
      this.#code = larger
    }
    const at = this.#length
    this.#code[at] = asked
    this.#code[at + 1] = onTrue
    this.#code[at + 2] = onFalse
    this.#length += stepSize
    return at
  }

  /** Members that decide a branch for the least expected work first. */
  #ordered(branch: Branch, members: readonly Tree[]): Tree[] {
    const ranked = members.map((member) => {
      const { cost, truth } = this.#outlook.of(member)
      return { member, rank: cost / Math.max(branch.all ? 1 - truth : truth, 1e-6) }
    })
    return ranked.sort((a, b) => a.rank - b.rank).map(({ member }) => member)
  }
}

function together({ number }: Together): number {
  return (number << 2) | askTogether
}
