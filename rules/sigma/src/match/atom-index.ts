/** Finds which of the chosen atoms an event has. */
import type { EventView } from './event-view.ts'
import { EdgeIndex } from './edge-index.ts'
import { type Atoms, contains, presence } from './predicates.ts'
import { TextIndex } from './text-index.ts'

export class AtomIndex {
  /** The numbers of the atoms; `found` holds indexes into it. */
  readonly atoms: Int32Array
  readonly found: Int32Array
  /** 1 for fields whose text the index looks at. */
  readonly keep: Uint8Array
  readonly #texts: TextIndex
  readonly #edges: EdgeIndex
  readonly #presenceFields: Int32Array
  readonly #presenceNames: Int32Array

  constructor(table: Atoms, chosen: Int32Array, fieldCount: number, windows: Float32Array) {
    const ofKind = (wanted: (kind: number) => boolean) =>
      Int32Array.from(chosen.keys()).filter((name) => wanted(table.kind[chosen[name]!]!))
    const atomsAt = (names: Int32Array) => names.map((name) => chosen[name]!)
    const texts = ofKind((kind) => kind === contains)
    const edges = ofKind((kind) => kind < contains)
    this.atoms = chosen
    this.found = new Int32Array(chosen.length)
    this.#texts = new TextIndex(table.texts, table.field, atomsAt(texts), texts, windows)
    this.#edges = new EdgeIndex(table, atomsAt(edges), edges, fieldCount)
    this.#presenceNames = ofKind((kind) => kind === presence)
    this.#presenceFields = atomsAt(this.#presenceNames).map((atom) => table.field[atom]!)
    this.keep = new Uint8Array(fieldCount)
    for (const atom of chosen) if (table.kind[atom] !== presence) this.keep[table.field[atom]!] = 1
  }

  /** Fills `found`; returns how many atoms were found. */
  find(view: EventView): number {
    let count = this.#texts.find(view, this.found, 0)
    count = this.#edges.find(view, this.found, count)
    for (let i = 0; i < this.#presenceFields.length; i++) {
      if (view.has(this.#presenceFields[i]!)) this.found[count++] = this.#presenceNames[i]!
    }
    return count
  }

  /** Bytes of the tables. */
  get memory(): number {
    return this.#texts.memory + this.#edges.memory + this.atoms.length * 8
  }
}
