import { say, VonggacError } from '@vonggac/contract'

/** How long somebody at the console waits for an answer. */
const longestMs = 30_000

/**
 * Work that ends when the caller goes away (`gone`) or it takes longer than a person waits: then it throws `too-slow`. The signal ends the work in the
 * store as well; the answer does not wait for that.
 */
export async function withPatience<T>(gone: AbortSignal, work: (signal: AbortSignal) => Promise<T>, limitMs = longestMs): Promise<T> {
  const given = new AbortController()
  const giveUp = (reason: VonggacError) => given.abort(reason)
  const leave = () => giveUp(new VonggacError('busy', say('search-left')))
  const timer = setTimeout(() => giveUp(tooSlow(limitMs)), limitMs)
  if (gone.aborted) leave()
  gone.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work(given.signal), rejectedBy(given.signal)])
  } finally {
    clearTimeout(timer)
    gone.removeEventListener('abort', leave)
  }
}

function tooSlow(limitMs: number): VonggacError {
  return new VonggacError('too-slow', say('search-too-slow', { seconds: limitMs / 1_000 }))
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
