import { keyOf, type Place } from './names.ts'
import type { Cell, Outcome } from './replace.ts'

/** The states of documents that are held; of each, the latest. */
const mostCells = 500

/**
 * What this process last saw at places, to try the next change upon without a read before it. Others may have changed them since: every change
 * names the state that it is made on, and one that was made on an old state is refused and made again after a read. So only a change that
 * succeeds may rest on this; whatever else comes out (a conflict, a foreign document) has to be looked up.
 */
export class Memory {
  readonly #cells = new Map<string, Cell>()

  get(place: Place): Cell | undefined {
    return this.#cells.get(keyOf(place))
  }

  keep(cell: Cell): void {
    const key = keyOf(cell.place)
    this.#cells.delete(key)
    this.#cells.set(key, cell)
    if (this.#cells.size > mostCells) this.#cells.delete(this.#cells.keys().next().value!)
  }

  /** What became of a replacement, after which nothing is pending there. */
  note({ place, source }: Pick<Cell, 'place' | 'source'>, outcome: Outcome): void {
    if (outcome === 'taken' || outcome instanceof Error || source === undefined) this.forget(place)
    else this.keep({ place, moment: outcome, source })
  }

  forget(place: Place): void {
    this.#cells.delete(keyOf(place))
  }
}
