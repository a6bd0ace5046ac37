/** Measures frequencies on sampled events of a log source. */
import { AtomIndex } from './atom-index.ts'
import type { CompiledSet } from './compiled-set.ts'
import type { EventView } from './event-view.ts'
import { countWindows, type Frequencies, remember, windowCount } from './frequencies.ts'
import { everyString } from './name-table.ts'
import { contains } from './predicates.ts'
import type { PredicateTester } from './predicate-test.ts'
import { collectAtoms } from './witness.ts'

/** Shorter texts have no window of their own; each is looked for by itself. */
const shortest = 3

/** Reads a sampled event into the view; false where it cannot be read. */
export type ReadSample = (sample: Uint8Array, keep: Uint8Array, keepEveryString: boolean) => boolean

/** What `samples` events of a log source to which `rules` apply say, with what `before` assumed counting as two events more. */
export function measureFrequencies(
  set: CompiledSet,
  rules: Int32Array,
  samples: readonly Uint8Array[],
  read: ReadSample,
  view: EventView,
  tester: PredicateTester,
  before: Frequencies,
): Frequencies {
  const { atoms } = set.predicates
  const eligible = new Set<number>()
  for (const rule of rules) collectAtoms(set.trees[rule]!, set.predicates, eligible)
  const isShort = (atom: number) => atoms.kind[atom] === contains && atoms.texts.length[atom]! < shortest
  const chosen = Int32Array.from(eligible)
  const index = new AtomIndex(
    atoms,
    chosen.filter((atom) => !isShort(atom)),
    set.fields.names.length,
    before.windows,
  )
  const short = chosen.filter((atom) => isShort(atom) && atoms.decides[atom] === 1)
  const windows = new Float32Array(windowCount)
  /** By atom; -1 where it is not measured. */
  const hits = new Int32Array(atoms.kind.length).fill(-1)
  for (const atom of [...index.atoms, ...short]) hits[atom] = 0
  let events = 0
  for (const sample of samples) {
    if (!read(sample, index.keep, index.keep[everyString] === 1)) continue
    events++
    countWindows(view, windows)
    for (let i = 0, found = index.find(view); i < found; i++) hits[index.atoms[index.found[i]!]!]!++
    for (const atom of short) if (tester.holds(atoms.predicate[atom]!)) hits[atom]!++
  }
  for (let seen = 0; seen < windowCount; seen++) windows[seen] = (windows[seen]! + 2 * before.windows[seen]!) / (events + 2)
  const ofAtom = (atom: number) => {
    const assumed = before.ofAtom(atom)
    return hits[atom]! < 0 ? assumed : (hits[atom]! + 2 * assumed) / (events + 2)
  }
  return { windows, ofAtom: remember(atoms, ofAtom) }
}
