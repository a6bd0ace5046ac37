/**
 * The predicate IR: what Sigma rules, KQL hunts and exceptions compile to, and what the stream matcher, Elasticsearch DSL and
 * DuckDB SQL are made from.
 *
 * Events are flat: one object, dotted keys, values scalar or arrays of scalars. A predicate on an array holds when any member
 * satisfies it. A predicate on a missing field is false, so `not` of it is true; only `null` holds there too. evaluate.ts says
 * exactly what each test means.
 */

export type FieldName = string
export type Scalar = string | number | boolean | null
export type FlatEvent = Readonly<Record<FieldName, Scalar | readonly Scalar[]>>

/** The field of a keyword predicate: every string value of the event. */
export const anyText = '*'

export type Expression = All | Any | Not | Predicate

/** True when every member is; `{ all: [] }` is always true. */
export interface All {
  readonly all: readonly Expression[]
}

/** True when some member is; `{ any: [] }` is never true. */
export interface Any {
  readonly any: readonly Expression[]
}

export interface Not {
  readonly not: Expression
}

export interface Predicate {
  readonly field: FieldName
  readonly test: Test
}

/** `cased` is absent for Sigma's default, the comparison of both sides lower-cased. */
export type Test =
  | { readonly kind: 'equals'; readonly value: string | number | boolean; readonly cased?: true }
  | { readonly kind: 'prefix' | 'suffix' | 'contains'; readonly value: string; readonly cased?: true }
  /** Anchored at both ends; `*` any characters (also newlines), `?` exactly one, `\` makes the next `*`, `?` or `\` literal. */
  | { readonly kind: 'glob'; readonly pattern: string; readonly cased?: true }
  /** A search (not anchored), linear-time syntax; flags are a subset of `ims`. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'compare'; readonly operator: 'lt' | 'lte' | 'gt' | 'gte'; readonly value: number }
  | { readonly kind: 'timePart'; readonly part: TimePart; readonly value: number }
  /** A time at or after `at` (`since`), or before it. In whole milliseconds since the epoch, of the times that a Date can be. */
  | { readonly kind: 'moment'; readonly side: 'since' | 'before'; readonly at: number }
  | { readonly kind: 'exists' }
  | { readonly kind: 'null' }
  | {
      readonly kind: 'equalsField'
      readonly other: FieldName
      readonly match: 'equals' | 'prefix' | 'suffix' | 'contains'
      readonly cased?: true
    }

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

export const always: All = { all: [] }
export const never: Any = { any: [] }

/** The fields that an expression names; `anyText` among them where it asks of every text. */
export function fieldsIn(expression: Expression, into = new Set<FieldName>()): Set<FieldName> {
  if ('all' in expression) for (const member of expression.all) fieldsIn(member, into)
  else if ('any' in expression) for (const member of expression.any) fieldsIn(member, into)
  else if ('not' in expression) fieldsIn(expression.not, into)
  else {
    into.add(expression.field)
    if (expression.test.kind === 'equalsField') into.add(expression.test.other)
  }
  return into
}
