import type { Asking } from './asking.ts'
import { ownColumns } from './catalogue.ts'
import type { EventRows } from './engine/protocol.ts'
import type { Source } from './sources.ts'

/** Events of a window of time: they are sorted with all their columns. */
const windowEvents = 8_000

/** Receive times in milliseconds, both inclusive. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** All events of a window, whole, in the order of arrival. For what wants most of them: each column of the window is read. */
export async function wholeWindow(asking: Asking, { from, to }: Window): Promise<EventRows['events']> {
  const sources = asking.sources.filter(({ contents }) => contents.to >= from && contents.from <= to)
  if (sources.length === 0) return []
  const { received } = ownColumns
  const within = (some: readonly Source[]) => {
    const { sql, parameters } = asking.wholeCandidates(some)
    return { sql: `${sql} AND ${received} BETWEEN ${from} AND ${to}`, parameters }
  }
  return (await asking.events(sources, within, asking.verified(sources))).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Windows that follow each other and hold about as many events each, as far as the times of the sources tell. */
export function windowsOf(sources: readonly Pick<Source, 'contents'>[], events = windowEvents): Window[] {
  const edges = [...new Set(sources.flatMap(({ contents }) => [contents.from, contents.to + 1]))].toSorted((a, b) => a - b)
  const windows: Window[] = []
  for (const [n, start] of edges.entries()) {
    const end = edges[n + 1]
    if (end === undefined) break
    const inside = sources.filter(({ contents }) => contents.from < end && contents.to >= start)
    const density = inside.reduce((sum, { contents }) => sum + contents.events / (contents.to + 1 - contents.from), 0)
    const pieces = Math.min(end - start, Math.ceil((density * (end - start)) / events))
    for (let piece = 0; piece < pieces; piece++) {
      const [from, to] = [
        start + Math.floor(((end - start) * piece) / pieces),
        start + Math.floor(((end - start) * (piece + 1)) / pieces) - 1,
      ]
      windows.push({ from, to })
    }
  }
  return windows
}
