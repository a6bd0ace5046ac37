import { readQuery } from '../../lib/kql-text.ts'

/**
 * The query narrowed by a condition. A condition that is there already is not said twice, one that says the opposite gives way. A query that
 * cannot be read is kept in parentheses as it is: its problem is shown, nothing of it is lost.
 */
export function narrowed(query: string, condition: string): string {
  const parts = partsOf(query.trim())
  if (parts.includes(condition)) return query
  const opposite = condition.startsWith('not ') ? condition.slice(4) : `not ${condition}`
  return [...parts.filter((part) => part !== opposite), condition].join(' and ')
}

/** The members of the outermost `and`, each as it is written. */
function partsOf(query: string): string[] {
  if (query === '') return []
  const parsed = readQuery(query)
  if (parsed.problems) return [`(${query})`]
  const { syntax } = parsed
  if (syntax.kind === 'and') return syntax.of.map(({ start, end }) => query.slice(start, end))
  return [syntax.kind === 'or' ? `(${query})` : query]
}
