/** What browsers and Vite say when a part of the console cannot be fetched: after an upgrade its hashed name is gone from the server. */
const failures = [
  'Failed to fetch dynamically imported module', // Chromium
  'error loading dynamically imported module', // Firefox
  'Importing a module script failed', // Safari
  'Unable to preload CSS', // Vite
]

/** Whether the error means that this page belongs to another version of the console than the server has; loading it anew helps. */
export function isStalePage(error: unknown): boolean {
  return error instanceof Error && failures.some((failure) => error.message.startsWith(failure))
}
