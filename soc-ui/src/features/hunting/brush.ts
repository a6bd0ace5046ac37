import type { Reply } from '../../lib/api.ts'
import type { Period } from './search.ts'

type Histogram = Pick<Reply<'countEvents'>, 'items' | 'bucketSeconds'>

/** The bucket at a place of the drawing's width, 0 to 1. */
export function bucketAt(place: number, buckets: number): number {
  return Math.max(0, Math.min(buckets - 1, Math.floor(place * buckets)))
}

/** The period of the buckets from one to another, in whichever order they were drawn, within the period that was searched. */
export function periodOfBuckets({ items, bucketSeconds }: Histogram, one: number, other: number, searched: Period): Period | undefined {
  const first = items[Math.min(one, other)]
  const last = items[Math.max(one, other)]
  if (!first || !last) return undefined
  const from = Math.max(Date.parse(first.at), Date.parse(searched.from))
  const to = Math.min(Date.parse(last.at) + bucketSeconds * 1_000, Date.parse(searched.to))
  return from < to ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : undefined
}

/** Around the same middle, twice as long, not beyond now. */
export function widened({ from, to }: Period, nowMs: number): Period {
  const length = Date.parse(to) - Date.parse(from)
  return {
    from: new Date(Date.parse(from) - length / 2).toISOString(),
    to: new Date(Math.min(Math.max(Date.parse(to), nowMs), Date.parse(to) + length / 2)).toISOString(),
  }
}

/** The parts that bars are divided into: the largest, and the rest together under an empty name. */
export function partsOf(items: Histogram['items'], most: number): { readonly names: readonly string[]; readonly rest: boolean } {
  const sums = new Map<string, number>()
  for (const { parts } of items) for (const [name, count] of Object.entries(parts ?? {})) sums.set(name, (sums.get(name) ?? 0) + count)
  const names = [...sums.entries()].toSorted(([, a], [, b]) => b - a).map(([name]) => name)
  const shown = names.slice(0, most)
  const rest = items.some(({ count, parts = {} }) => shown.reduce((sum, name) => sum + (parts[name] ?? 0), 0) < count)
  return { names: shown, rest }
}
