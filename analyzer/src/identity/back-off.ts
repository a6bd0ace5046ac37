import { isIPv6 } from 'node:net'
import { say, VonggacError } from '@vonggac/contract'
import type { Clock } from '../platform/index.ts'

/** Wrong passwords in a row that cost nothing; from then on each doubles the wait. */
const freeTries = 5
const firstWaitMs = 2_000
const longestWaitMs = 15 * 60_000
/** Forgotten this long after the last try. */
const memoryMs = 60 * 60_000
const maxEntries = 10_000

interface Tries {
  count: number
  lastMs: number
}

/**
 * Slows down guessing of one user's password from one address. It is by both, so that nobody can lock a user out from elsewhere;
 * an address that goes through many users meets the server's rate limit.
 */
export class BackOff {
  readonly #tries = new Map<string, Tries>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts a try before its outcome is known, so that many at once gain nothing. Throws `too-many-requests` while there is a wait. */
  begin(user: string, address: string): void {
    const key = keyOf(user, address)
    const now = this.#clock.now().getTime()
    const known = this.#tries.get(key)
    const tries = known && now - known.lastMs < memoryMs ? known : { count: 0, lastMs: now }
    // A clock that was set back must not make anybody wait for it to come round again.
    const elapsedMs = Math.max(0, now - tries.lastMs)
    const waitMs = waitAfter(tries.count) - elapsedMs
    if (waitMs > 0) {
      throw new VonggacError('too-many-requests', say('passwords-too-many', { seconds: Math.ceil(waitMs / 1000) }))
    }
    // Put last: the map's first entry is the one longest unused.
    this.#tries.delete(key)
    this.#tries.set(key, { count: tries.count + 1, lastMs: now })
    if (this.#tries.size > maxEntries) this.#tries.delete(this.#tries.keys().next().value!)
  }

  succeed(user: string, address: string): void {
    this.#tries.delete(keyOf(user, address))
  }
}

function keyOf(user: string, address: string): string {
  return `${networkOf(address)} ${user}`
}

/** Whoever has one IPv6 address has the 2^64 of its network (RFC 4291, section 2.5.1): they count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.') || address.includes('%')) return address
  const [head = [], tail] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const groups = tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')
}

function waitAfter(count: number): number {
  return count < freeTries ? 0 : Math.min(firstWaitMs * 2 ** (count - freeTries), longestWaitMs)
}
