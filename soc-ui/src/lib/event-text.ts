import type { FlatEvent } from '@vonggac/contract'

/** A field's values as texts. */
export function fieldTexts(value: FlatEvent[string] | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** The text of a field that has one text; empty otherwise. */
export function fieldText(value: FlatEvent[string] | undefined): string {
  return typeof value === 'string' ? value : ''
}
