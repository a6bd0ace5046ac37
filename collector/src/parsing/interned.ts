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

const namesRemembered = 4_096

/** `prefix` before each name that a sender chooses: most of them come with each event, and are put together once. */
export function prefixed(prefix: string): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    if (known.size >= namesRemembered) known.clear()
    const whole = interned(prefix + name)
    // The key is a copy: a name that was cut out of a frame would keep the whole frame.
    known.set(whole.slice(prefix.length), whole)
    return whole
  }
}
