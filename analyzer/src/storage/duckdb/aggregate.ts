import type { Scalar } from '@vonggac/sigma'
import type { Aggregation, Bucket } from '../event-store.ts'
import { ipv4Columns, quotedName } from './catalogue.ts'
import { momentColumn, type Span } from './condition.ts'
import type { Statement, Tallied } from './engine/protocol.ts'
import { ipv4Text } from './ipv4.ts'
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
  /** `decided` of the sources with addresses that have no number. */
  unnumbered: (field: string) => string | undefined,
): readonly Statement[] {
  if (by === null) return [{ sql: `SELECT '', NULL, count(*) ${decided}`, parameters }]
  if (by.by === 'terms') {
    const { sql, bound } = textsOf(by.field, parameters)
    const number = ipv4Columns.get(by.field)
    if (number !== undefined && !all) return addressStatements(decided, unnumbered(by.field), parameters, by, quotedName(number))
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

/**
 * Addresses of IPv4 are counted as numbers, which takes a third of the time, and written out only where they may be among the first. No
 * other text is one of them, so the first of both are among the first of each.
 */
function addressStatements(
  decided: string,
  unnumbered: string | undefined,
  parameters: readonly Scalar[],
  by: Extract<Aggregation, { by: 'terms' }>,
  number: string,
): readonly Statement[] {
  const [way, within] = by.first === 'rarest' ? ['ASC', '<='] : ['DESC', '>=']
  const text = quotedName(by.field)
  const order = `ORDER BY n ${way}, term LIMIT ${by.size}`
  const statements = [
    {
      sql: `WITH numbers AS MATERIALIZED (SELECT ${number} AS number, count(*) AS n ${decided} AND ${number} IS NOT NULL GROUP BY number),
        last AS (SELECT n FROM numbers ORDER BY n ${way} LIMIT 1 OFFSET ${by.size - 1})
        SELECT ${ipv4Text('number')} AS term, NULL, n FROM numbers WHERE NOT EXISTS (FROM last) OR n ${within} (FROM last) ${order}`,
      parameters,
    },
  ]
  if (unnumbered === undefined) return statements
  const sql = `SELECT ${text} AS term, NULL, count(*) AS n ${unnumbered} AND ${number} IS NULL AND ${text} IS NOT NULL GROUP BY term ${order}`
  return [...statements, { sql, parameters }]
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
