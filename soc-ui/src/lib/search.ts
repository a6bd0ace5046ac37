/** The part of the address after `?`, as plain texts: `?status=new,closed&entity=10.0.0.1`, readable and shareable. */
export type Search = Readonly<Record<string, string>>

export function parseSearch(search: string): Search {
  return Object.fromEntries(new URLSearchParams(search))
}

/** Empty and undefined values are left out; a comma stays a comma. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(key, String(value))
  }
  const text = parameters.toString().replaceAll('%2C', ',')
  return text ? `?${text}` : ''
}

/** `a,b` as the members of a known list; others are dropped, for an address is typed by anybody. */
export function listIn<T extends string>(text: unknown, known: readonly T[]): T[] {
  if (typeof text !== 'string') return []
  const parts = new Set(text.split(','))
  return known.filter((member) => parts.has(member))
}

/** A text of an address, or nothing when it is absent or longer than anybody would mean. */
export function textIn(value: unknown, maximum = 300): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= maximum ? value : undefined
}

export function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  return known.find((member) => member === value)
}

/** How many records have one of these states, any for none, by the API's counts. */
export function countIn(states: readonly string[], counts: Readonly<Record<string, number>>): number {
  return Object.entries(counts).reduce((sum, [state, count]) => (states.length === 0 || states.includes(state) ? sum + count : sum), 0)
}

/** An object without its undefined members, for types with exact optional properties. */
export function compact<T extends Record<string, unknown>>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
