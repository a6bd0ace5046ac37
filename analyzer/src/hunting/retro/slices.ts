const hourMs = 3_600_000

export interface Slice {
  readonly from: Date
  readonly to: Date
}

interface Period {
  readonly from: string
  readonly to: string
}

/** Begins at an eighth of the period, a day at most; then slices grow or shrink so that each takes seconds. */
const firstParts = 8
const longestFirstHours = 24
const longestHours = 24 * 31
/** A slice is what a kill loses, and how long nobody sees progress; a short one costs little but its overhead. */
const [shortMs, longMs] = [1_000, 10_000]

export function firstLength(period: Period): number {
  const hours = (Date.parse(period.to) - Date.parse(period.from)) / hourMs
  return Math.min(longestFirstHours, Math.max(1, Math.ceil(hours / firstParts)))
}

/** Hours of the next slice, after one that took so long. */
export function nextLength(hours: number, tookMs: number): number {
  if (tookMs < shortMs) return Math.min(longestHours, hours * 2)
  return tookMs > longMs ? Math.max(1, Math.floor(hours / 2)) : hours
}

/** The part of the period that is looked at next: whole hours, as stores keep events by the hour; undefined at its end. */
export function nextSlice(period: Period, next: string, hours: number): Slice | undefined {
  const [from, end] = [Date.parse(next), Date.parse(period.to)]
  if (from >= end) return undefined
  const to = (Math.floor(from / hourMs) + hours) * hourMs
  return { from: new Date(from), to: new Date(Math.min(to, end)) }
}

/** 0 to 1. */
export function progressOf(period: Period, next: string): number {
  const [begin, at, end] = [period.from, next, period.to].map((time) => Date.parse(time)) as [number, number, number]
  return end <= begin ? 1 : Math.min(1, Math.max(0, (at - begin) / (end - begin)))
}
