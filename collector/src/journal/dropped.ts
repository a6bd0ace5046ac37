import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomically } from '../platform/index.ts'

const rangesSchema = z.array(z.tuple([z.int(), z.int()]))

/** Positions that were given up to make room: `from` inclusive, `to` exclusive, on disk before their frames are gone, so that their gap is explained. */
export class DroppedRanges {
  readonly #path: string
  #ranges: readonly (readonly [from: number, to: number])[]

  private constructor(path: string, ranges: readonly (readonly [number, number])[]) {
    this.#path = path
    this.#ranges = ranges
  }

  static async open(folder: string): Promise<DroppedRanges> {
    const path = join(folder, 'dropped.json')
    const text = await readFile(path, 'utf8').catch(() => '[]')
    const parsed = rangesSchema.safeParse(parse(text))
    // Without it a gap is taken for damage and counted twice: no reason not to start.
    return new DroppedRanges(path, parsed.success ? parsed.data : [])
  }

  /** How many positions of the range were given up. */
  between(from: number, to: number): number {
    return this.#ranges.reduce((sum, [first, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(first, from)), 0)
  }

  /** Neighbours are joined, and what lies below `keepFrom` is of the past. */
  async add(from: number, to: number, keepFrom: number): Promise<void> {
    const ranges: [number, number][] = []
    for (const [first, end] of [...this.#ranges, [from, to] as const]
      .filter((range) => range[1] > keepFrom)
      .toSorted((a, b) => a[0] - b[0])) {
      const last = ranges.at(-1)
      if (last && first <= last[1]) last[1] = Math.max(last[1], end)
      else ranges.push([first, end])
    }
    await writeAtomically(this.#path, JSON.stringify(ranges))
    this.#ranges = ranges
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
