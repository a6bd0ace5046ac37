import type { Scalar } from '@vonggac/sigma'
import type { Aggregation, Bucket } from '../event-store.ts'
import { catalogue, ownColumns, quotedName } from './catalogue.ts'
import type { Statement, Tallied } from './engine/protocol.ts'

/**
 * Statements whose rows are key, part and count; `decided` is `FROM … WHERE …`. The counts of whole buckets have no part: an event
 * with two values of the split field is in two parts, and once in the bucket. With `all`, no term is left out.
 */
export function aggregateStatements(
  decided: string,
  parameters: readonly Scalar[],
  by: Aggregation | null,
  all: boolean,
): readonly Statement[] {
  if (by === null) return [{ sql: `SELECT '', NULL, count(*) ${decided}`, parameters }]
  if (by.by === 'terms') {
    const { sql, bound } = textsOf(by.field, parameters)
    const limit = all ? '' : ` ORDER BY n DESC, term LIMIT ${by.size}`
    return [
      { sql: `SELECT term, NULL, count(*) AS n FROM (SELECT unnest(${sql}) AS term ${decided}) GROUP BY term${limit}`, parameters: bound },
    ]
  }
  const width = by.bucketSeconds * 1000
  const bucket = `CAST(floor(${ownColumns.received} / ${width}) AS BIGINT) * ${width}`
  const whole = { sql: `SELECT ${bucket} AS bucket, NULL, count(*) ${decided} GROUP BY bucket`, parameters }
  if (by.split === undefined) return [whole]
  const { sql, bound } = textsOf(by.split, parameters)
  const parts = `SELECT bucket, part, count(*) FROM (SELECT ${bucket} AS bucket, unnest(${sql}) AS part ${decided}) GROUP BY bucket, part`
  return [whole, { sql: parts, parameters: bound }]
}

/** SQL of the list of a field's different texts. */
function textsOf(field: string, parameters: readonly Scalar[]): { readonly sql: string; readonly bound: readonly Scalar[] } {
  const column = quotedName(field)
  switch (catalogue.get(field)) {
    case 'text':
      return { sql: `CASE WHEN ${column} IS NOT NULL THEN [${column}] END`, bound: parameters }
    case 'long':
      return { sql: `CASE WHEN ${column} IS NOT NULL THEN [CAST(${column} AS VARCHAR)] END`, bound: parameters }
    case 'texts':
      return { sql: `list_distinct(${column})`, bound: parameters }
    default: {
      const bound = [...parameters, `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`]
      const value = `json_extract(CAST(${ownColumns.rest} AS JSON), $${bound.length})`
      const members = `CASE json_type(${value}) WHEN 'ARRAY' THEN CAST(${value} AS JSON[]) WHEN 'NULL' THEN [] ELSE [${value}] END`
      const texts = `list_transform(${members}, lambda member: member ->> '$')`
      return { sql: `list_distinct(${texts})`, bound }
    }
  }
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
  const sorted = [...buckets].toSorted(([a, { count: m }], [b, { count: n }]) => (by.by === 'terms' ? n - m : 0) || (a < b ? -1 : 1))
  if (by.by === 'terms') return sorted.slice(0, by.size).map(([key, { count }]) => ({ key, count }))
  return sorted.map(([key, { count, parts }]) => ({
    key: new Date(Number(key)).toISOString(),
    count,
    ...(by.split !== undefined && { parts: Object.fromEntries(parts) }),
  }))
}
