import type { Scalar } from '@vonggac/sigma'
import type { Aggregation, Bucket } from '../event-store.ts'
import { momentColumn, type Span } from './condition.ts'
import type { Statement, Tallied } from './engine/protocol.ts'
import { textsOf } from './values.ts'

/**
 * Statements whose rows are key, part and count; `decided` is `FROM … WHERE …`. The counts of whole buckets have no part: an event
 * with two values of the split field is in two parts, and once in the bucket. With `all`, no term is left out.
 */
export function aggregateStatements(
  decided: string,
  parameters: readonly Scalar[],
  by: Aggregation | null,
  clock: Span['clock'],
  all: boolean,
): readonly Statement[] {
  if (by === null) return [{ sql: `SELECT '', NULL, count(*) ${decided}`, parameters }]
  if (by.by === 'terms') {
    const { sql, bound } = textsOf(by.field, parameters)
    const limit = all ? '' : ` ORDER BY n ${by.first === 'rarest' ? 'ASC' : 'DESC'}, term LIMIT ${by.size}`
    return [
      { sql: `SELECT term, NULL, count(*) AS n FROM (SELECT unnest(${sql}) AS term ${decided}) GROUP BY term${limit}`, parameters: bound },
    ]
  }
  const width = by.bucketSeconds * 1000
  const bucket = `CAST(floor(${momentColumn(clock)} / ${width}) AS BIGINT) * ${width}`
  const whole = { sql: `SELECT ${bucket} AS bucket, NULL, count(*) ${decided} GROUP BY bucket`, parameters }
  if (by.split === undefined) return [whole]
  const { sql, bound } = textsOf(by.split, parameters)
  const parts = `SELECT bucket, part, count(*) FROM (SELECT ${bucket} AS bucket, unnest(${sql}) AS part ${decided}) GROUP BY bucket, part`
  return [whole, { sql: parts, parameters: bound }]
}

/** Times ascending; terms by count, then by themselves. */
export function mergeBuckets(tallied: readonly Tallied[], by: Aggregation): readonly Bucket[] {
  const buckets = new Map<Tallied['key'], { count: number; parts: Map<string, number> }>()
  for (const { key, part, count } of tallied) {
    const bucket = buckets.get(key) ?? { count: 0, parts: new Map<string, number>() }
    if (part === null) bucket.count += count
    else bucket.parts.set(part, (bucket.parts.get(part) ?? 0) + count)
    buckets.set(key, bucket)
  }
  const byCount = by.by === 'time' ? 0 : by.first === 'rarest' ? -1 : 1
  const sorted = [...buckets].toSorted(([a, { count: m }], [b, { count: n }]) => byCount * (n - m) || (a < b ? -1 : 1))
  if (by.by === 'terms') return sorted.slice(0, by.size).map(([key, { count }]) => ({ key, count }))
  return sorted.map(([key, { count, parts }]) => ({
    key: new Date(Number(key)).toISOString(),
    count,
    ...(by.split !== undefined && { parts: Object.fromEntries(parts) }),
  }))
}
