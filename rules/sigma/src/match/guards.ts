/**
 * Trees that could be candidates of nearly every event, grouped by what they share: a guard is a literal that each tree of a group demands,
 * tested once for all of them.
 */
import { groupByKey, type Lists } from './bytes.ts'
import type { Outlook } from './outlook.ts'
import type { Tree } from './rule-tree.ts'

/** A guard that is true of more events than this keeps too little away. */
const oftenTrue = 0.5

export interface Guards {
  /** Predicates' numbers times two, plus one where negated. */
  readonly literals: Int32Array
  /** The trees behind each guard. */
  readonly behind: Lists
}

/** Guards for some of the trees; not for each is there one. */
export function chooseGuards(some: readonly number[], trees: readonly Tree[], outlook: Outlook): Guards {
  const uses = new Map<number, number>()
  for (const tree of some) for (const literal of demanded(trees[tree]!)) uses.set(literal, (uses.get(literal) ?? 0) + 1)
  const numbers = new Map<number, number>()
  const keys: number[] = []
  const guarded: number[] = []
  for (const tree of some) {
    let guard: number | undefined
    let truth = oftenTrue
    for (const literal of demanded(trees[tree]!)) {
      const expected = (uses.get(literal) ?? 0) > 1 ? outlook.of(literal).truth : 1
      if (expected >= truth) continue
      guard = literal
      truth = expected
    }
    if (guard === undefined) continue
    if (!numbers.has(guard)) numbers.set(guard, numbers.size)
    keys.push(numbers.get(guard)!)
    guarded.push(tree)
  }
  return {
    literals: Int32Array.from(numbers.keys()),
    behind: groupByKey(numbers.size, Int32Array.from(keys), Int32Array.from(guarded)),
  }
}

/** The literals without which a tree is false. */
function demanded(tree: Tree): readonly number[] {
  if (typeof tree === 'number') return [tree]
  return tree.all ? tree.members.filter((member) => typeof member === 'number') : []
}
