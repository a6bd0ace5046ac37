import { setTimeout as sleep } from 'node:timers/promises'
import { addCounts, emptyCounts, rejectedTotal, type LedgerCounts } from '@vonggac/contract'
import type { Platform } from './platform.ts'

/** The ledger's counts of one source, or of all. */
export async function countsOf(platform: Platform, source?: string): Promise<LedgerCounts> {
  const { items } = await platform.client.call('listSources')
  return items.filter((item) => source === undefined || item.id === source).reduce((sum, { total }) => addCounts(sum, total), emptyCounts())
}

const hour = 3_600_000

/** Alerts are grouped by the hour of their events: waits for the next one where the present one ends before what is to be grouped has come. */
export async function awayFromTheHour(seconds = 30): Promise<void> {
  const left = hour - (Date.now() % hour)
  if (left < seconds * 1_000) await sleep(left)
}

/** Waits until at least so many events are evaluated or rejected and nothing is under way; throws when the ledger does not come to rest. */
export async function settled(platform: Platform, atLeast: number, source?: string, timeoutMs = 90_000): Promise<LedgerCounts> {
  const deadline = Date.now() + timeoutMs
  let last: LedgerCounts | undefined
  while (Date.now() < deadline) {
    try {
      last = await countsOf(platform, source)
      const done = last.evaluated + rejectedTotal(last)
      if (done >= atLeast && [last.journaled, last.forwarded, last.stored].every((stage) => stage === done)) return last
    } catch {
      // The analyzer is being restarted.
    }
    await sleep(100)
  }
  throw new Error(`the ledger did not come to rest: ${JSON.stringify(last)}\n${platform.text}`)
}
