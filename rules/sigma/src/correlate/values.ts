/** What a correlation rule reads from a hit: the groups that it belongs to and the values to be counted. */
import { valuesOf } from '../ir/evaluate.ts'
import type { FlatEvent, Scalar } from '../ir/expression.ts'
import { fold, numberOf, textOf } from '../ir/text.ts'
import type { CorrelationRule } from '../rule.ts'

/** An event with lists belongs to a group for each combination of members; to no more than these. */
const mostCombinations = 64

export interface Group {
  /** The same for groups whose values differ only in case. */
  readonly key: string
  readonly values: Readonly<Record<string, Scalar>>
}

/** The field that a name in `groupBy` or `condition.fields` stands for in the hits of one of the rules. */
export function fieldOf(rule: CorrelationRule, name: string, source: string): string {
  const fields = Object.hasOwn(rule.aliases, name) ? rule.aliases[name] : undefined
  return fields !== undefined && Object.hasOwn(fields, source) ? (fields[source] as string) : name
}

/** The groups of a hit; none where it has no value for some name in `groupBy`. */
export function groupsOf(rule: CorrelationRule, source: string, event: FlatEvent): Group[] {
  const lists = rule.groupBy.map((name) => presentValues(event, fieldOf(rule, name, source)))
  return combinations(lists).map((values) => ({
    key: keyOf(values),
    values: Object.fromEntries(rule.groupBy.map((name, at) => [name, values[at] as Scalar])),
  }))
}

/** Folded texts that stand for the distinct values (or combinations of values) of the hit. */
export function distinctValues(rule: CorrelationRule, source: string, event: FlatEvent): string[] {
  const lists = rule.condition.fields.map((name) => presentValues(event, fieldOf(rule, name, source)))
  return lists.length === 0 ? [] : [...new Set(combinations(lists).map(keyOf))]
}

/** The numbers in the hit's fields. */
export function numbersOf(rule: CorrelationRule, source: string, event: FlatEvent): number[] {
  return rule.condition.fields.flatMap((name) =>
    valuesOf(event, fieldOf(rule, name, source)).flatMap((value) => {
      const number = numberOf(value)
      return number === undefined || !Number.isFinite(number) ? [] : [number]
    }),
  )
}

function presentValues(event: FlatEvent, field: string): Scalar[] {
  return valuesOf(event, field).filter((value) => value !== null)
}

function keyOf(values: readonly Scalar[]): string {
  return JSON.stringify(values.map((value) => fold(textOf(value) ?? '')))
}

function combinations(lists: readonly (readonly Scalar[])[]): Scalar[][] {
  return lists.reduce<Scalar[][]>(
    (combined, list) => combined.flatMap((start) => list.map((value) => [...start, value])).slice(0, mostCombinations),
    [[]],
  )
}
