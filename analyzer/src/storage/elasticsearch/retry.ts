import { setTimeout as pause } from 'node:timers/promises'
import { isPassing } from './trouble.ts'

export interface Patience {
  /** From the first failure to giving up; 15 s by default. */
  readonly forMs?: number
  readonly random?: () => number
  readonly signal?: AbortSignal | undefined
}

const firstPauseMs = 50
const longestPauseMs = 3_000

/**
 * Repeats the work while its failure is a passing one (429, 502-504, no connection), after pauses that double and are drawn at random, so
 * that many who were refused together do not come back together. Throws the last error as it is. The work must bear being repeated: a
 * request without an answer may have been carried out.
 */
export async function retrying<T>(work: () => Promise<T>, { forMs = 15_000, random = Math.random, signal }: Patience = {}): Promise<T> {
  let giveUpAt: number | undefined
  for (let longest = firstPauseMs; ; longest = Math.min(longest * 2, longestPauseMs)) {
    try {
      return await work()
    } catch (error) {
      giveUpAt ??= Date.now() + forMs
      if (!isPassing(error) || Date.now() >= giveUpAt || signal?.aborted) throw error
    }
    await pause(longest * (0.5 + random() / 2), undefined, signal && { signal })
  }
}
