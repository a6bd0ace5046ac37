import type { Segment } from './manifest.ts'
import type { Segments } from './segments.ts'
import type { Turn } from './turn.ts'

/** A segment with so many events is large enough: larger ones are read no faster. */
const largeEvents = 65_536
/** So many are made of small ones at most. */
const mostEvents = 131_072
/** While more segments of an hour may come, so many small ones are worth the work. */
const manyOfAnHour = 8
/** How long after its end an hour counts as over: what arrives later was held up somewhere. */
const lateMs = 15 * 60_000
const hourMs = 3_600_000

/**
 * Merges neighbouring small segments of the same hour, one merge at a time, never beside another writing of segments. One record of the manifest
 * puts the new segment in the place of the old ones; queries that read those end undisturbed. Resolves with the number of segments that went.
 */
export async function compact(segments: Segments, writing: Turn, mayGoOn: () => boolean, now: number): Promise<number> {
  let merged = 0
  for (const names of mergeable(segments.sound, now)) {
    if (!mayGoOn()) return merged
    merged += await segments.usingAll(names, async (stored) => {
      if (stored.length < 2) return 0
      // It takes longest and writes nothing: no other writing waits for it.
      await segments.sign(stored)
      const events = stored.reduce((sum, { segment }) => sum + segment.events, 0)
      await writing.take(() => segments.rewrite(stored, 'true', events))
      return stored.length
    })
  }
  return merged
}

/** Names of the segments that are to become one, for each such. */
export function mergeable(segments: readonly Segment[], now: number): readonly (readonly string[])[] {
  const hours = new Map<string, Segment[]>()
  for (const segment of segments) {
    const hour = segment.name.slice(0, segment.name.lastIndexOf('/') + 3)
    hours.set(hour, [...(hours.get(hour) ?? []), segment])
  }
  return [...hours.values()].flatMap((ofHour) => {
    const small = ofHour.filter(({ events }) => events < largeEvents).toSorted((a, b) => (a.first < b.first ? -1 : 1))
    const isOver = (Math.floor(ofHour[0]!.from / hourMs) + 1) * hourMs + lateMs < now
    return small.length < (isOver ? 2 : manyOfAnHour) ? [] : runsOf(small)
  })
}

/** Neighbours that together are not too large. */
function runsOf(small: readonly Segment[]): readonly string[][] {
  const runs: { names: string[]; events: number }[] = []
  for (const { name, events } of small) {
    const run = runs.at(-1)
    if (run === undefined || run.events + events > mostEvents) runs.push({ names: [name], events })
    else {
      run.names.push(name)
      run.events += events
    }
  }
  return runs.filter(({ names }) => names.length > 1).map(({ names }) => names)
}
