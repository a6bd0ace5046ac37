import type { Tallied } from './engine/protocol.ts'

/** Counts by key and part. */
export class Tallies {
  readonly #parts = new Map<string | null, Map<Tallied['key'], number>>()

  add(key: Tallied['key'], part: string | null, count: number): void {
    let counts = this.#parts.get(part)
    if (counts === undefined) this.#parts.set(part, (counts = new Map()))
    counts.set(key, (counts.get(key) ?? 0) + count)
  }

  get all(): readonly Tallied[] {
    return [...this.#parts].flatMap(([part, counts]) => [...counts].map(([key, count]) => ({ key, part, count })))
  }
}
