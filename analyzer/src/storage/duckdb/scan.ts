import type { Asking } from './asking.ts'
import { ownColumns, quotedName } from './catalogue.ts'
import { fields } from '@vonggac/contract'
import type { EventRows } from './engine/protocol.ts'
import type { Source } from './sources.ts'

/** Events of a window of time: they are sorted with all their columns. */
const windowEvents = 8_000
const id = quotedName(fields.id)

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
  const sql = `SELECT * ${asking.candidates(sources)} AND ${received} BETWEEN ${from} AND ${to} ORDER BY ${id}`
  return asking.events({ sql, parameters: asking.parameters(sources) }, asking.verified(sources))
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
