import { compact, textIn } from '../../lib/search.ts'

/** Where to go after the sign-in: an address within the console, never one elsewhere. */
export function readSignInSearch(search: Record<string, unknown>): { next?: string } {
  const next = textIn(search['next'], 2_000)
  return compact({ next: next && isWithin(next) ? next : undefined })
}

function isWithin(address: string): boolean {
  const base = 'http://console.invalid'
  return address.startsWith('/') && URL.canParse(address, base) && new URL(address, base).origin === base
}
