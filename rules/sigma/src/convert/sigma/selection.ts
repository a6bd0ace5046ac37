/**
 * What one selection can say: a map (all of its items hold) or a list of maps (any holds), each item with one value or a list of which one
 * suffices. With `|all` behind the field, all of a list must hold.
 */
import type { Expression } from '../../ir/expression.ts'
import { type Item, itemOf, type ItemValue } from './item.ts'
import { membersOf } from './simplify.ts'

export type DetectionMap = Readonly<Record<string, ItemValue | readonly ItemValue[]>>

export interface Selection {
  /** The fields that it names, for its own name. */
  readonly fields: readonly string[]
  readonly detection: DetectionMap | readonly (DetectionMap | ItemValue)[]
}

/** The selection that says the expression; undefined where it takes more than one. Throws `Unsayable`. */
export function selectionOf(expression: Expression): Selection | undefined {
  const alternatives = membersOf(expression, 'any') ?? [expression]
  const maps = alternatives.map(itemsOf)
  if (!maps.every((items) => items !== undefined)) return undefined
  const merged = mergedAlternatives(maps)
  const fields = [...new Set(maps.flat().map(({ field }) => field))]
  const [first, ...more] = merged
  if (first === undefined) return undefined
  if (more.length === 0 && !isKeyword(first)) return { fields, detection: asMap(first) }
  return {
    fields,
    detection: merged.flatMap((items): readonly (DetectionMap | ItemValue)[] =>
      isKeyword(items) ? (items[0] as Item).values : [asMap(items)],
    ),
  }
}

/** Items of which all must hold, each with another key; undefined where the expression is more than that. */
function itemsOf(expression: Expression): readonly Item[] | undefined {
  const items: Item[] = []
  for (const member of membersOf(expression, 'all') ?? [expression]) {
    const item = oneItem(member)
    if (item === undefined) return undefined
    items.push(item)
  }
  const merged: Item[] = []
  for (const [key, same] of byKey(items)) {
    const [first, ...more] = same
    if (more.length === 0) merged.push(first as Item)
    else if (!isMergeable(first as Item) || same.some(({ values }) => values.length > 1)) return undefined
    else merged.push({ ...(first as Item), key: `${key}|all`, values: distinct(same) })
  }
  return new Set(merged.map(({ key }) => key)).size === merged.length ? merged : undefined
}

/** A predicate, or several of one field and kind of which any suffices. */
function oneItem(expression: Expression): Item | undefined {
  if ('field' in expression) return itemOf(expression)
  const members = membersOf(expression, 'any')
  if (members === undefined || !members.every((member) => 'field' in member)) return undefined
  const items = members.map(itemOf)
  const [first] = items
  if (first === undefined || !isMergeable(first) || items.some(({ key }) => key !== first.key)) return undefined
  return { ...first, values: distinct(items) }
}

/** Alternatives of one item each and the same key become one item with their values. */
function mergedAlternatives(maps: readonly (readonly Item[])[]): readonly (readonly Item[])[] {
  const merged: Item[][] = []
  const known = new Map<string, Item[]>()
  for (const items of maps) {
    const [only, ...more] = items
    const same = only === undefined || more.length > 0 || only.key.endsWith('|all') || !isMergeable(only) ? undefined : known.get(only.key)
    if (only === undefined) continue
    if (same !== undefined) same[0] = { ...only, values: distinct([same[0] as Item, only]) }
    else {
      const own = [...items]
      merged.push(own)
      if (more.length === 0) known.set(only.key, own)
    }
  }
  return merged
}

/** `exists` stands alone. */
function isMergeable({ key }: Item): boolean {
  return !key.endsWith('|exists')
}

function distinct(items: readonly Item[]): readonly ItemValue[] {
  return [...new Set(items.flatMap(({ values }) => values))]
}

function byKey(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(item.key, [...(groups.get(item.key) ?? []), item])
  return groups
}

/** A keyword anywhere in a text is written without a key. */
function isKeyword(items: readonly Item[]): boolean {
  return items.length === 1 && items[0]?.key === '|contains'
}

function asMap(items: readonly Item[]): DetectionMap {
  return Object.fromEntries(items.map(({ key, values }) => [key, values.length === 1 ? (values[0] as ItemValue) : values]))
}
