/** Looking at and changing the values of detection items. */
import type { DetectionItem, TextValue, Value } from '../syntax/document.ts'
import { plainPart } from '../syntax/text.ts'

/** Texts, numbers and truth values as pipelines see them: wildcards as they are, nothing escaped. */
export function plainText(value: Value): string | undefined {
  if (value.kind === 'text') return value.parts.map(plainPart).join('')
  return value.kind === 'number' || value.kind === 'boolean' ? value.text : undefined
}

/** The values of an item with expansions opened. */
export function* openedValues(values: readonly Value[]): Iterable<Value> {
  for (const value of values) {
    if (value.kind === 'expansion') yield* openedValues(value.values)
    else yield value
  }
}

/** The item with each value, in expansions too, changed; the same item when none did. */
export function changeValues(item: DetectionItem, change: (value: Value) => Value): DetectionItem {
  const values = item.values.map((value) => changeValue(value, change))
  return values.every((value, index) => value === item.values[index]) ? item : { ...item, values }
}

function changeValue(value: Value, change: (value: Value) => Value): Value {
  if (value.kind !== 'expansion') return change(value)
  const values = value.values.map((member) => changeValue(member, change))
  return values.every((member, index) => member === value.values[index]) ? value : { ...value, values }
}

export function changeTexts(item: DetectionItem, change: (text: TextValue) => Value): DetectionItem {
  return changeValues(item, (value) => (value.kind === 'text' ? change(value) : value))
}
