/** How the rules of one log source are matched: what is looked for in an event, and which rules each finding makes candidates. */
import { AtomIndex } from './atom-index.ts'
import { groupByKey, IntList, type Lists } from './bytes.ts'
import type { CompiledSet } from './compiled-set.ts'
import type { EventView } from './event-view.ts'
import type { Frequencies } from './frequencies.ts'
import { everyString } from './name-table.ts'
import type { PredicateTester } from './predicate-test.ts'
import { type Atoms, contains } from './predicates.ts'
import { Programs } from './program.ts'
import { chooseWitness, collectAtoms } from './witness.ts'

/** A rule that is a candidate in more than so many of all events has all its predicates looked for that cost nearly nothing to look for. */
const oftenTried = 0.05

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
  /** Rules that no atom can rule out. */
  readonly always: Int32Array
  readonly #index: AtomIndex
  /** By name of a finding: the rules that become candidates, and the predicate that becomes true, or -1. */
  readonly #candidates: Lists
  readonly #decides: Int32Array
  readonly #programs: Programs

  /** `keepAlways` are fields that are wanted of every event besides. */
  constructor(set: CompiledSet, rules: Int32Array, keepAlways: readonly number[], frequencies: Frequencies) {
    const { predicates, trees } = set
    const { atoms } = predicates
    const names = new Map<number, number>()
    const nameOf = (atom: number) => {
      const name = names.get(atom) ?? names.size
      names.set(atom, name)
      return name
    }
    const nameKeys = new IntList()
    const nameRules = new IntList()
    const always = new IntList()
    const often = new Set<number>()
    for (const rule of rules) {
      const witness = chooseWitness(trees[rule]!, predicates, (atom) => frequencies.ofAtom(atom))
      if (witness === undefined) always.push(rule)
      for (const atom of witness?.atoms ?? []) {
        nameKeys.push(nameOf(atom))
        nameRules.push(rule)
      }
      if (witness === undefined || witness.cost > oftenTried) collectAtoms(trees[rule]!, predicates, often)
    }
    for (const atom of often) if (atoms.decides[atom] === 1 && isCheap(atoms, atom)) nameOf(atom)
    const chosen = Int32Array.from(names.keys())
    const indexed = new Uint8Array(predicates.count)
    this.#decides = chosen.map((atom) => (atoms.decides[atom] === 1 ? atoms.predicate[atom]! : -1))
    for (const predicate of this.#decides) if (predicate >= 0) indexed[predicate] = 1
    this.#index = new AtomIndex(atoms, chosen, set.fields.names.length, frequencies.windows)
    this.#candidates = groupByKey(chosen.length, nameKeys.toArray(), nameRules.toArray())
    this.#programs = new Programs(trees, predicates, indexed, (atom) => frequencies.ofAtom(atom))
    this.always = always.toArray()
    this.keep = this.#index.keep
    this.keepEveryString = this.keep[everyString] === 1
    for (const field of keepAlways) this.keep[field] = 1
    this.keptFields = Int32Array.from(this.keep.keys()).filter((field) => field !== everyString && this.keep[field] === 1)
  }

  /** Atoms that are looked for. */
  get indexed(): number {
    return this.#decides.length
  }

  /** Bytes of the tables, about. */
  get memory(): number {
    return this.#index.memory + this.#programs.memory + (this.#candidates.items.length + this.#decides.length * 2) * 4
  }

  /**
   * Writes the rules to be tried on the event to `candidates`, each once, and tells the tester what is true; returns their count.
   * `triedAt` holds by rule the generation in which it was last a candidate.
   */
  findCandidates(view: EventView, tester: PredicateTester, triedAt: Int32Array, candidates: Int32Array): number {
    const { found } = this.#index
    const { start, items } = this.#candidates
    const { generation } = view
    let count = 0
    for (let i = 0, findings = this.#index.find(view); i < findings; i++) {
      const name = found[i]!
      const predicate = this.#decides[name]!
      if (predicate >= 0) tester.setTrue(predicate)
      for (let at = start[name]!, to = start[name + 1]!; at < to; at++) {
        const rule = items[at]!
        if (triedAt[rule] === generation) continue
        triedAt[rule] = generation
        candidates[count++] = rule
      }
    }
    for (const rule of this.always) candidates[count++] = rule
    return count
  }

  isTrue(rule: number, tester: PredicateTester): boolean {
    return this.#programs.isTrue(rule, tester)
  }
}
