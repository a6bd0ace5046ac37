/**
 * Rules as programs: steps `[predicate, next if true, next if false]` in one array, run by one loop.
 *
 * A rule is compiled when it first becomes a candidate, with the members of each conjunction and disjunction in the order that is
 * likeliest to decide soonest. A predicate whose atom the index looks for is known to be false when it was not found.
 */
import type { PredicateTester } from './predicate-test.ts'
import { byValue, contains, type Predicates } from './predicates.ts'
import type { Branch, Tree } from './rule-tree.ts'

const accept = -1
const reject = -2
const stepSize = 3

export class Programs {
  readonly #trees: readonly (Tree | undefined)[]
  readonly #predicates: Predicates
  readonly #frequencyOf: (atom: number) => number
  /** 1 for predicates that the index decides. */
  readonly #indexed: Uint8Array
  /** By rule: the place of its first step plus one, accept or reject; 0 where it is not compiled. */
  readonly #entries: Int32Array
  #code = new Int32Array(1024)
  #length = 0

  constructor(trees: readonly (Tree | undefined)[], predicates: Predicates, indexed: Uint8Array, frequencyOf: (atom: number) => number) {
    this.#trees = trees
    this.#predicates = predicates
    this.#indexed = indexed
    this.#frequencyOf = frequencyOf
    this.#entries = new Int32Array(trees.length)
  }

  get memory(): number {
    return this.#code.byteLength + this.#entries.byteLength + this.#indexed.byteLength
  }

  isTrue(rule: number, tester: PredicateTester): boolean {
    let at = this.#entries[rule]!
    if (at === 0) at = this.#compile(rule)
    if (at > 0) at--
    const code = this.#code
    while (at >= 0) {
      const predicate = code[at]!
      const truth = (predicate & 1) === 1 ? tester.isKnownTrue(predicate >> 1) : tester.holds(predicate >> 1)
      at = truth ? code[at + 1]! : code[at + 2]!
    }
    return at === accept
  }

  #compile(rule: number): number {
    const first = this.#emit(this.#trees[rule]!, accept, reject)
    const entry = first >= 0 ? first + 1 : first
    this.#entries[rule] = entry
    return entry
  }

  /** Emits the steps that decide the tree and go on at `onTrue` or `onFalse`; returns where they begin. */
  #emit(tree: Tree, onTrue: number, onFalse: number): number {
    if (typeof tree === 'number') {
      return (tree & 1) === 1 ? this.#step(tree >> 1, onFalse, onTrue) : this.#step(tree >> 1, onTrue, onFalse)
    }
    let next = tree.all ? onTrue : onFalse
    for (const member of this.#ordered(tree).reverse())
      next = tree.all ? this.#emit(member, next, onFalse) : this.#emit(member, onTrue, next)
    return next
  }

  #step(predicate: number, onTrue: number, onFalse: number): number {
    if (this.#length + stepSize > this.#code.length) {
      const larger = new Int32Array(this.#code.length * 2)
      larger.set(this.#code)
      this.#code = larger
    }
    const at = this.#length
    this.#code[at] = (predicate << 1) | this.#indexed[predicate]!
    this.#code[at + 1] = onTrue
    this.#code[at + 2] = onFalse
    this.#length += stepSize
    return at
  }

  /** Members that decide a branch for the least expected work first. */
  #ordered(branch: Branch): Tree[] {
    const ranked = branch.members.map((member) => {
      const { cost, truth } = this.#outlook(member)
      return { member, rank: cost / Math.max(branch.all ? 1 - truth : truth, 1e-6) }
    })
    return ranked.sort((a, b) => a.rank - b.rank).map(({ member }) => member)
  }

  /** The work to decide a tree, in tests of a text, and the probability that it is true. */
  #outlook(tree: Tree): { readonly cost: number; readonly truth: number } {
    if (typeof tree === 'number') {
      const predicate = tree >> 1
      const truth = this.#truthOf(predicate)
      return { cost: this.#costOf(predicate), truth: (tree & 1) === 1 ? 1 - truth : truth }
    }
    let cost = 0
    let otherwise = 1
    for (const member of tree.members) {
      const outlook = this.#outlook(member)
      cost += outlook.cost * otherwise
      otherwise *= tree.all ? outlook.truth : 1 - outlook.truth
    }
    return { cost, truth: tree.all ? otherwise : 1 - otherwise }
  }

  #truthOf(predicate: number): number {
    const { start, items } = this.#predicates.atomsOf
    let truth = 0
    for (let i = start[predicate]!; i < start[predicate + 1]!; i++) truth += this.#frequencyOf(items[i]!)
    return start[predicate] === start[predicate + 1] ? 0.5 : Math.min(truth, 1)
  }

  #costOf(predicate: number): number {
    if (this.#indexed[predicate] === 1) return 0.1
    const kind = this.#predicates.kind[predicate]!
    if (kind >= byValue) return 20
    return kind === contains ? 1 : 0.3
  }
}
