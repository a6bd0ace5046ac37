import type { CollectorCounters } from '@vonggac/contract'

export interface Dropped {
  readonly source: string
  /** Undefined for a source that no agency is known for. */
  readonly agency: string | undefined
  readonly count: number
}

/** Frames that a collector dropped between two of its reports, by source. Its totals only fall when its data folder was made anew: then they count from 0. */
export function droppedSince(before: CollectorCounters | undefined, now: CollectorCounters): readonly Dropped[] {
  const known = new Map(before?.dropped.map(({ source, reason, count }) => [`${source} ${reason}`, count]))
  const agencies = new Map(now.sources.map(({ source, agency }) => [source, agency]))
  const more = new Map<string, number>()
  for (const { source, reason, count } of now.dropped) {
    const last = known.get(`${source} ${reason}`) ?? 0
    const since = count >= last ? count - last : count
    if (since > 0) more.set(source, (more.get(source) ?? 0) + since)
  }
  return [...more].map(([source, count]) => ({ source, agency: agencies.get(source), count }))
}
