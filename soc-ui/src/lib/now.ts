import { useSyncExternalStore } from 'react'

interface Ticker {
  readonly subscribe: (listener: () => void) => () => void
  readonly read: () => number
}
const tickers = new Map<number, Ticker>()

/** One timer a period for the whole page, running only while somebody looks. */
function tickerOf(periodMs: number): Ticker {
  const existing = tickers.get(periodMs)
  if (existing) return existing
  const listeners = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    now = Date.now()
    for (const listener of listeners) listener()
  }
  const ticker: Ticker = {
    subscribe(listener) {
      if (listeners.size === 0) {
        now = Date.now()
        timer = setInterval(tick, periodMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearInterval(timer)
      }
    },
    read: () => now,
  }
  tickers.set(periodMs, ticker)
  return ticker
}

/** The present time, renewed every `periodMs`. */
export function useNow(periodMs: number): number {
  const ticker = tickerOf(periodMs)
  return useSyncExternalStore(ticker.subscribe, ticker.read)
}
