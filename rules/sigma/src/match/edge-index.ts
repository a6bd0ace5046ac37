/**
 * Finds which of many texts a field is equal to, begins with or ends with: two tries in one table, walked from the value's first byte
 * and from its last. Equality is found from the end, where values such as paths differ soonest.
 */
import { groupByKey, IntList, type Lists, separator } from './bytes.ts'
import type { EventView } from './event-view.ts'
import { type Atoms, equals, prefix } from './predicates.ts'

export class EdgeIndex {
  /** By field: the root of its trie, forwards and backwards, 0 where there is none. */
  readonly #forward: Int32Array
  readonly #backward: Int32Array
  readonly #trie: Trie
  /** By node: what is found on reaching it, and on reaching it at the other edge of the value. */
  readonly #passing: Lists
  readonly #ending: Lists
  readonly #foundAt: Int32Array
  readonly memory: number

  /** `chosen` are numbers of atoms; `names[i]` is what `find` reports for `chosen[i]`. */
  constructor(atoms: Atoms, chosen: Int32Array, names: Int32Array, fieldCount: number) {
    const trie = new Trie()
    this.#forward = new Int32Array(fieldCount)
    this.#backward = new Int32Array(fieldCount)
    const passing: [IntList, IntList] = [new IntList(), new IntList()]
    const ending: [IntList, IntList] = [new IntList(), new IntList()]
    let largest = 0
    for (let i = 0; i < chosen.length; i++) {
      const atom = chosen[i]!
      const field = atoms.field[atom]!
      const kind = atoms.kind[atom]!
      const start = atoms.texts.start[atom]!
      const end = start + atoms.texts.length[atom]!
      let node: number
      if (kind === prefix) {
        node = this.#forward[field] ||= trie.newNode()
        for (let at = start; at < end; at++) node = trie.enter(node, atoms.texts.bytes[at]!)
      } else {
        node = this.#backward[field] ||= trie.newNode()
        for (let at = end - 1; at >= start; at--) node = trie.enter(node, atoms.texts.bytes[at]!)
      }
      const [nodes, found] = kind === equals ? ending : passing
      nodes.push(node)
      found.push(names[i]!)
      largest = Math.max(largest, names[i]!)
    }
    this.#trie = trie
    this.#passing = groupByKey(trie.nodes, passing[0].toArray(), passing[1].toArray())
    this.#ending = groupByKey(trie.nodes, ending[0].toArray(), ending[1].toArray())
    this.#foundAt = new Int32Array(largest + 1)
    this.memory = trie.memory + (trie.nodes + fieldCount) * 8 + chosen.length * 8
  }

  /** Writes the names of the texts found into `found` from `count` on, each once; returns the new count. */
  find(view: EventView, found: Int32Array, count: number): number {
    let total = count
    for (let i = 0; i < view.foldedCount; i++) {
      const field = view.foldedFields[i]!
      const backward = this.#backward[field]!
      const forward = this.#forward[field]!
      if (backward === 0 && forward === 0) continue
      const end = view.end[field]!
      let from = view.start[field]!
      for (let left = view.texts[field]!; left > 0; left--) {
        const to = left === 1 ? end : view.scratch.indexOf(separator, from)
        if (backward !== 0) total = this.#walk(view, backward, to - 1, from - 1, -1, found, total)
        if (forward !== 0) total = this.#walk(view, forward, from, to, 1, found, total)
        from = to + 1
      }
    }
    return total
  }

  #walk(view: EventView, root: number, from: number, to: number, step: number, found: Int32Array, count: number): number {
    const { scratch } = view
    const trie = this.#trie
    const passing = this.#passing.start
    let total = count
    let node = root
    let at = from
    for (;;) {
      if (passing[node] !== passing[node + 1]) total = this.#report(this.#passing, node, view.generation, found, total)
      if (at === to) return this.#report(this.#ending, node, view.generation, found, total)
      node = trie.next(node, scratch[at]!)
      if (node === 0) return total
      at += step
    }
  }

  #report(lists: Lists, node: number, generation: number, found: Int32Array, count: number): number {
    let total = count
    for (let i = lists.start[node]!, to = lists.start[node + 1]!; i < to; i++) {
      const name = lists.items[i]!
      if (this.#foundAt[name] === generation) continue
      this.#foundAt[name] = generation
      found[total++] = name
    }
    return total
  }
}

/** Transitions of all tries, hashed by node and byte. Node 0 is nowhere. */
class Trie {
  nodes = 1
  /** Open addressing; a slot is two numbers, so that one look at memory brings both: node and byte as one key, 0 where free, and what follows. */
  #slots = new Int32Array(2048)
  #mask = 1023

  get memory(): number {
    return this.#slots.byteLength
  }

  newNode(): number {
    return this.nodes++
  }

  next(node: number, byte: number): number {
    const key = (node << 8) | byte
    const slots = this.#slots
    const mask = this.#mask
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & mask
    for (;;) {
      const found = slots[slot * 2]!
      if (found === key) return slots[slot * 2 + 1]!
      if (found === 0) return 0
      slot = (slot + 1) & mask
    }
  }

  /** The node that follows, made if there is none. */
  enter(node: number, byte: number): number {
    const known = this.next(node, byte)
    if (known !== 0) return known
    if (this.nodes * 2 > this.#mask) this.#grow()
    const made = this.nodes++
    this.#put((node << 8) | byte, made)
    return made
  }

  #put(key: number, next: number): void {
    let slot = (Math.imul(key, 0x9e3779b1) >>> 8) & this.#mask
    while (this.#slots[slot * 2] !== 0) slot = (slot + 1) & this.#mask
    this.#slots[slot * 2] = key
    this.#slots[slot * 2 + 1] = next
  }

  #grow(): void {
    const slots = this.#slots
    this.#slots = new Int32Array(slots.length * 2)
    this.#mask = slots.length - 1
    for (let at = 0; at < slots.length; at += 2) if (slots[at] !== 0) this.#put(slots[at]!, slots[at + 1]!)
  }
}
