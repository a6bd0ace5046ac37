/**
 * The same text as V8 keeps the names of properties: two equal ones are one object, so that a look-up in a map compares addresses and not letters. For
 * what is looked up with each event, such as the names of fields in a parser.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0]!
}

/** All texts of a definition, interned. */
export function withInternedTexts<T>(value: T): T {
  if (typeof value === 'string') return interned(value) as T
  if (Array.isArray(value)) return value.map(withInternedTexts) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withInternedTexts(member as unknown)])) as T
}
