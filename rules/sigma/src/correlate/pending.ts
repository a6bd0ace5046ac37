import type { PendingSnapshot } from './types.ts'

/** Hits that wait for earlier ones: a binary heap by time and, among equals, by arrival. */
export class Pending {
  readonly #heap: PendingSnapshot[] = []

  constructor(hits: readonly PendingSnapshot[] = []) {
    for (const hit of hits) this.add(hit)
  }

  get size(): number {
    return this.#heap.length
  }

  get oldest(): PendingSnapshot | undefined {
    return this.#heap[0]
  }

  add(hit: PendingSnapshot): void {
    const heap = this.#heap
    let at = heap.push(hit) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as PendingSnapshot
      if (!comesBefore(hit, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = hit
  }

  removeOldest(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const child = right !== undefined && comesBefore(right, left as PendingSnapshot) ? 2 * at + 2 : 2 * at + 1
      const below = heap[child]
      if (below === undefined || !comesBefore(below, last)) break
      heap[at] = below
      at = child
    }
    heap[at] = last
  }

  toList(): readonly PendingSnapshot[] {
    return this.#heap.toSorted((a, b) => (comesBefore(a, b) ? -1 : 1))
  }
}

function comesBefore(a: PendingSnapshot, b: PendingSnapshot): boolean {
  return a.time < b.time || (a.time === b.time && a.arrival < b.arrival)
}
