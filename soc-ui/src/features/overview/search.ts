import { compact, oneOf } from '../../lib/search.ts'

export const periods = ['quarter', 'hour', 'sixHours', 'day', 'week'] as const
export type Period = (typeof periods)[number]

/** Length of a period and how finely it is drawn. */
export const spans: Readonly<Record<Period, { readonly ms: number; readonly buckets: number }>> = {
  quarter: { ms: 900_000, buckets: 60 },
  hour: { ms: 3_600_000, buckets: 60 },
  sixHours: { ms: 6 * 3_600_000, buckets: 72 },
  day: { ms: 24 * 3_600_000, buckets: 96 },
  week: { ms: 7 * 24 * 3_600_000, buckets: 84 },
}

export function readOverviewSearch(search: Record<string, unknown>): { readonly period?: Period } {
  const period = oneOf(search['period'], periods)
  return compact({ period: period === 'hour' ? undefined : period })
}
