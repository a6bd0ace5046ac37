/**
 * How the rules of one log source are matched: what is looked for in an event, and which rules each finding makes candidates.
 *
 * Rules with the same condition have the same tree, which is tried once for all of them.
 */
import { AtomIndex } from './atom-index.ts'
import { groupByKey, IntList, type Lists } from './bytes.ts'
import type { CompiledSet } from './compiled-set.ts'
import { DecidedBranches } from './decided-branches.ts'
import type { EventView } from './event-view.ts'
import type { Frequencies } from './frequencies.ts'
import { chooseGuards, type Guards } from './guards.ts'
import { everyString } from './name-table.ts'
import { Outlook } from './outlook.ts'
import type { PredicateTester } from './predicate-test.ts'
import { type Atoms, contains } from './predicates.ts'
import { Programs } from './program.ts'
import type { Tree } from './rule-tree.ts'
import { chooseWitness, collectAtoms } from './witness.ts'

/** A tree that is a candidate in more than so many of all events has all its predicates looked for that cost nearly nothing to look for. */
const oftenTried = 0.05
/** One that may be a candidate in more than so many of all events is kept away by a guard, if there is one. */
const nearlyAlways = 0.5

/** Texts at the edges of values are found by walking a trie that is walked anyway; others have two windows, unless they are short. */
function isCheap(atoms: Atoms, atom: number): boolean {
  return atoms.kind[atom]! < contains || (atoms.kind[atom] === contains && atoms.texts.length[atom]! >= 4)
}

export class Plan {
  /** 1 for fields whose text is wanted of every event. */
  readonly keep: Uint8Array
  /** The fields with `keep`. */
  readonly keptFields: Int32Array
  /** Whether all strings are wanted: some rule looks for keywords. */
  readonly keepEveryString: boolean
  /** Trees tried on the last event. */
  tried = 0
  readonly #index: AtomIndex
  /** By name of a finding: the trees that become candidates, what is asked together as numbers behind them, and the predicate that becomes true, or -1. */
  readonly #follows: Lists
  readonly #decides: Int32Array
  readonly #guards: Guards
  /** Trees that neither an atom nor a guard keeps away. */
  readonly #unguarded: Int32Array
  readonly #programs: Programs
  /** The rules of each tree. */
  readonly #rulesOf: Lists
  readonly #treeCount: number
  /** By tree and what is asked together: the generation in which it was last a candidate, or found. */
  readonly #foundAt: Int32Array
  readonly #candidates: Int32Array

  /** `keepAlways` are fields that are wanted of every event besides. */
  constructor(set: CompiledSet, rules: Int32Array, keepAlways: readonly number[], frequencies: Frequencies) {
    const { predicates } = set
    const { atoms } = predicates
    const frequencyOf = (atom: number) => frequencies.ofAtom(atom)
    const numbers = new Map<Tree, number>()
    const treeOf = rules.map((rule) => numberOf(numbers, set.trees[rule]!))
    const trees = [...numbers.keys()]
    const indexed = new Uint8Array(predicates.count)
    const outlook = new Outlook(predicates, indexed, frequencyOf)

    const witnesses = trees.map((tree) => chooseWitness(tree, predicates, frequencyOf))
    const costs = witnesses.map((witness) => witness?.cost ?? 1)
    const guards = chooseGuards(
      trees.flatMap((_, tree) => (costs[tree]! > nearlyAlways ? tree : [])),
      trees,
      outlook,
    )
    const guarded = new Set(guards.behind.items)
    const names = new Map<number, number>()
    const keys = new IntList()
    const follows = new IntList()
    const unguarded: number[] = []
    for (const [tree, witness] of witnesses.entries()) {
      if (guarded.has(tree)) continue
      if (witness === undefined) unguarded.push(tree)
      for (const atom of witness?.atoms ?? []) {
        keys.push(numberOf(names, atom))
        follows.push(tree)
      }
    }
    const often = trees.filter((_, tree) => costs[tree]! > oftenTried)
    const oftenAsked = new Set<number>()
    for (const tree of often) collectAtoms(tree, predicates, oftenAsked)
    for (const atom of oftenAsked) if (atoms.decides[atom] === 1 && isCheap(atoms, atom)) numberOf(names, atom)
    const chosen = Int32Array.from(names.keys())
    this.#decides = chosen.map((atom) => (atoms.decides[atom] === 1 ? atoms.predicate[atom]! : -1))
    for (const predicate of this.#decides) if (predicate >= 0) indexed[predicate] = 1

    const decided = new DecidedBranches(indexed)
    for (const tree of often) decided.collect(tree)
    for (const { number, predicates: members } of decided.together)
      for (const predicate of members) {
        keys.push(names.get(predicates.atomsOf.items[predicates.atomsOf.start[predicate]!]!)!)
        follows.push(trees.length + number)
      }
    this.#index = new AtomIndex(atoms, chosen, set.fields.names.length, frequencies.windows)
    this.#follows = groupByKey(chosen.length, keys.toArray(), follows.toArray())
    this.#guards = guards
    this.#unguarded = Int32Array.from(unguarded)
    this.#programs = new Programs(trees, indexed, decided, outlook)
    this.#rulesOf = groupByKey(trees.length, treeOf, rules)
    this.#treeCount = trees.length
    this.#foundAt = new Int32Array(trees.length + decided.together.length)
    this.#candidates = new Int32Array(trees.length)
    this.keep = this.#index.keep
    this.keepEveryString = this.keep[everyString] === 1
    for (const field of keepAlways) this.keep[field] = 1
    this.keptFields = Int32Array.from(this.keep.keys()).filter((field) => field !== everyString && this.keep[field] === 1)
  }

  /** Conditions that are tried on every event. */
  get alwaysTried(): number {
    return this.#unguarded.length
  }

  /** Atoms that are looked for. */
  get indexed(): number {
    return this.#decides.length
  }

  /** Bytes of the tables, about. */
  get memory(): number {
    const numbers = this.#follows.items.length + this.#decides.length * 2 + this.#foundAt.length + this.#candidates.length * 3
    return this.#index.memory + this.#programs.memory + numbers * 4
  }

  /** Writes the rules that are true of the event to `hits`, in no order, and returns their count. */
  match(view: EventView, tester: PredicateTester, hits: Int32Array): number {
    const programs = this.#programs
    const foundAt = this.#foundAt
    const { start, items } = this.#rulesOf
    const tried = this.#findCandidates(view, tester)
    this.tried = tried
    let count = 0
    for (let i = 0; i < tried; i++) {
      const tree = this.#candidates[i]!
      if (!programs.isTrue(tree, tester, foundAt, this.#treeCount, view.generation)) continue
      for (let at = start[tree]!, to = start[tree + 1]!; at < to; at++) hits[count++] = items[at]!
    }
    return count
  }

  /** Fills `#candidates`, each once, and tells the tester what is true; returns their count. */
  #findCandidates(view: EventView, tester: PredicateTester): number {
    const { found } = this.#index
    const { start, items } = this.#follows
    const { generation } = view
    const candidates = this.#candidates
    const foundAt = this.#foundAt
    let count = 0
    for (let i = 0, findings = this.#index.find(view); i < findings; i++) {
      const name = found[i]!
      const predicate = this.#decides[name]!
      if (predicate >= 0) tester.setTrue(predicate)
      for (let at = start[name]!, to = start[name + 1]!; at < to; at++) {
        const follows = items[at]!
        if (foundAt[follows] === generation) continue
        foundAt[follows] = generation
        if (follows < this.#treeCount) candidates[count++] = follows
      }
    }
    const { literals, behind } = this.#guards
    for (const tree of this.#unguarded) candidates[count++] = tree
    for (let guard = 0; guard < literals.length; guard++) {
      const literal = literals[guard]!
      if (tester.holds(literal >> 1) === ((literal & 1) === 1)) continue
      for (let at = behind.start[guard]!, to = behind.start[guard + 1]!; at < to; at++) candidates[count++] = behind.items[at]!
    }
    return count
  }
}

/** The key's number in order of arrival. */
function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}
