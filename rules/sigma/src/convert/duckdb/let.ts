/**
 * Names for values inside SQL expressions. A lambda's parameter hides a column of the same name, so these have names that no column has.
 */

/** SQL of an expression over a value that is computed once. */
export function letBe(value: string, name: string, body: (value: string) => string): string {
  return `list_transform([${value}], lambda ${quoted(name)}: ${body(quoted(name))})[1]`
}

/** SQL that is true when the condition is, of some member of a list; nested conditions need names of their own. */
export function anyOf(list: string, name: string, condition: (member: string) => string): string {
  return `len(list_filter(${list}, lambda ${quoted(name)}: ${condition(quoted(name))})) > 0`
}

/** SQL of a list with each member replaced. */
export function mapped(list: string, name: string, body: (member: string) => string): string {
  return `list_transform(${list}, lambda ${quoted(name)}: ${body(quoted(name))})`
}

/** SQL of the members of a list for which the condition is true. */
export function kept(list: string, name: string, condition: (member: string) => string): string {
  return `list_filter(${list}, lambda ${quoted(name)}: ${condition(quoted(name))})`
}

function quoted(name: string): string {
  return `"sigma ${name}"`
}
