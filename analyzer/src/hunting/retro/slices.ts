const hourMs = 3_600_000
/** So many slices of a period are enough to see it go on. */
const wanted = 48
/** What a kill loses at most, and what a search of the same time has to wait for. */
const longestHours = 24

export interface Slice {
  readonly from: Date
  readonly to: Date
}

/** The part of the period that is looked at next: whole hours, as stores keep events by the hour; undefined at its end. */
export function nextSlice(period: { readonly from: string; readonly to: string }, next: string): Slice | undefined {
  const [begin, from, end] = [period.from, next, period.to].map((time) => Date.parse(time)) as [number, number, number]
  if (from >= end) return undefined
  const hours = Math.min(longestHours, Math.max(1, Math.ceil((end - begin) / hourMs / wanted)))
  const to = (Math.floor(from / hourMs) + hours) * hourMs
  return { from: new Date(from), to: new Date(Math.min(to, end)) }
}

/** 0 to 1. */
export function progressOf(period: { readonly from: string; readonly to: string }, next: string): number {
  const [begin, at, end] = [period.from, next, period.to].map((time) => Date.parse(time)) as [number, number, number]
  return end <= begin ? 1 : Math.min(1, Math.max(0, (at - begin) / (end - begin)))
}
