/** The bucket at a place of the drawing's width, 0 to 1. */
export function bucketAt(place: number, buckets: number): number {
  return Math.max(0, Math.min(buckets - 1, Math.floor(place * buckets)))
}

/** The amounts that a scale names: whole ones in round steps, from 0 to the first that is not below the largest; three steps at most. */
export function amountsUpTo(largest: number): number[] {
  const least = Math.max(1, largest / 3)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10)
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step)
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const stepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 7, 14].map((days) => days * dayMs),
]
const mostTimes = 10
/** Round times are those of the city's clocks: UTC+7, which knows no summer time. */
const zoneMs = 7 * hourMs

export interface Times {
  readonly stepMs: number
  /** Where in the chart's width each is, 0 to 1. */
  readonly times: readonly { readonly at: string; readonly place: number }[]
}

/** The round times that stand under a chart. Those at its very edges would stick out. */
export function timesWithin(fromMs: number, spanMs: number): Times {
  const stepMs = stepsMs.find((one) => spanMs / one <= mostTimes) ?? Math.ceil(spanMs / mostTimes / dayMs) * dayMs
  const first = Math.ceil((fromMs + zoneMs) / stepMs) * stepMs - zoneMs
  const times: { at: string; place: number }[] = []
  for (let at = first; at < fromMs + spanMs; at += stepMs) {
    const place = (at - fromMs) / spanMs
    if (place >= 0.02 && place <= 0.98) times.push({ at: new Date(at).toISOString(), place })
  }
  return { stepMs, times }
}
