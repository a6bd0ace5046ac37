/**
 * A rule's witness: a set of atoms such that the rule is false of every event that has none of them. Of a conjunction it is the witness
 * of the member whose atoms are rarest, of a disjunction those of all members together.
 */
import type { Predicates } from './predicates.ts'
import type { Tree } from './rule-tree.ts'

export interface Witness {
  readonly atoms: readonly number[]
  /** The sum of the atoms' probabilities: how often the rule becomes a candidate, at most. */
  readonly cost: number
}

/** The cheapest witness, or undefined where the rule can be true of an event without any atom, so that it must always be tried. */
export function chooseWitness(tree: Tree, predicates: Predicates, frequencyOf: (atom: number) => number): Witness | undefined {
  if (typeof tree === 'number') {
    if ((tree & 1) === 1) return undefined
    const { start, items } = predicates.atomsOf
    const atoms = [...items.subarray(start[tree >> 1], start[(tree >> 1) + 1])]
    return atoms.length === 0 ? undefined : { atoms, cost: sum(atoms.map(frequencyOf)) }
  }
  const witnesses = tree.members.map((member) => chooseWitness(member, predicates, frequencyOf))
  if (tree.all) {
    let best: Witness | undefined
    for (const witness of witnesses) if (witness !== undefined && (best === undefined || witness.cost < best.cost)) best = witness
    return best
  }
  const atoms: number[] = []
  let cost = 0
  for (const witness of witnesses) {
    if (witness === undefined) return undefined
    for (const atom of witness.atoms) atoms.push(atom)
    cost += witness.cost
  }
  return { atoms, cost }
}

/** Every atom of the predicates that a rule demands: those among which a witness may be chosen. */
export function collectAtoms(tree: Tree, predicates: Predicates, into: Set<number>): void {
  if (typeof tree === 'number') {
    const { start, items } = predicates.atomsOf
    for (let i = start[tree >> 1]!; i < start[(tree >> 1) + 1]!; i++) into.add(items[i]!)
  } else for (const member of tree.members) collectAtoms(member, predicates, into)
}

function sum(numbers: readonly number[]): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
