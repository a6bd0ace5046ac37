const storageKey = 'vonggac.setup-token'

/**
 * Takes the set-up token out of the address (`/setup?token=…` or `/setup#token=…`) before anything else can see or log it. It is kept for this
 * tab, so that a reload does not lose it, until it is used.
 */
export function takeSetupToken(location: Location = window.location, history: History = window.history): void {
  const query = new URLSearchParams(location.search)
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ''))
  const token = query.get('token') ?? fragment.get('token')
  if (location.pathname !== '/setup' || !token) return
  sessionStorage.setItem(storageKey, token)
  history.replaceState(null, '', location.pathname)
}

export function setupToken(): string {
  return sessionStorage.getItem(storageKey) ?? ''
}

export function forgetSetupToken(): void {
  sessionStorage.removeItem(storageKey)
}
