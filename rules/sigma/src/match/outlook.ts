/** What is expected of predicates and trees: the work to decide them, and how often they are true. */
import { byValue, contains, type Predicates } from './predicates.ts'
import type { Tree } from './rule-tree.ts'

/** How often a predicate is taken to be true of an event that has one of its atoms, where the atom does not decide it. */
const trueOfAtom = 0.2
/** How often a predicate without atoms is taken to be true. */
const unknown = 0.5

export interface Expectation {
  /** In tests of a text. */
  readonly cost: number
  /** The probability that it is true. */
  readonly truth: number
}

export class Outlook {
  readonly #predicates: Predicates
  /** 1 for predicates that the index decides. */
  readonly #indexed: Uint8Array
  readonly #frequencyOf: (atom: number) => number

  constructor(predicates: Predicates, indexed: Uint8Array, frequencyOf: (atom: number) => number) {
    this.#predicates = predicates
    this.#indexed = indexed
    this.#frequencyOf = frequencyOf
  }

  of(tree: Tree): Expectation {
    if (typeof tree === 'number') {
      const predicate = tree >> 1
      const truth = this.#truthOf(predicate)
      return { cost: this.#costOf(predicate), truth: (tree & 1) === 1 ? 1 - truth : truth }
    }
    let cost = 0
    let otherwise = 1
    for (const member of tree.members) {
      const expected = this.of(member)
      cost += expected.cost * otherwise
      otherwise *= tree.all ? expected.truth : 1 - expected.truth
    }
    return { cost, truth: tree.all ? otherwise : 1 - otherwise }
  }

  #truthOf(predicate: number): number {
    const { atoms, atomsOf } = this.#predicates
    const from = atomsOf.start[predicate]!
    const to = atomsOf.start[predicate + 1]!
    if (from === to) return unknown
    let truth = 0
    for (let i = from; i < to; i++) {
      const atom = atomsOf.items[i]!
      truth += this.#frequencyOf(atom) * (atoms.decides[atom] === 1 ? 1 : trueOfAtom)
    }
    return Math.min(truth, 1)
  }

  #costOf(predicate: number): number {
    if (this.#indexed[predicate] === 1) return 0.1
    const kind = this.#predicates.kind[predicate]!
    if (kind >= byValue) return 20
    return kind === contains ? 1 : 0.3
  }
}
