const most = 20

const keyOf = (user: string) => `vonggac.hunting.recent.${user}`

/** Queries that a person ran in this browser, the newest first. */
export function recentQueries(user: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]')
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

/** The list with the query at its head, kept. */
export function rememberQuery(user: string, query: string): readonly string[] {
  const text = query.trim()
  const others = recentQueries(user).filter((one) => one !== text)
  if (text === '' || text.length > 2_000) return others
  const next = [text, ...others].slice(0, most)
  try {
    localStorage.setItem(keyOf(user), JSON.stringify(next))
  } catch {
    // The browser's store is full or closed: searching goes on without a memory.
  }
  return next
}

export function forgetQueries(user: string): void {
  localStorage.removeItem(keyOf(user))
}
