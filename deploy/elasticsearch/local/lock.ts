import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { isRunning } from '../../standalone/src/lock.ts'

const patienceMs = 10 * 60_000

/**
 * Runs the work while nobody else on this machine does. The file names its process, so one that was killed holds nothing. Two who find
 * the same abandoned lock may both go on: it saves work, and what is made under it must be put in place by one rename.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + patienceMs
  while (!taken(file)) {
    const holder = holderOf(file)
    if (holder !== undefined && isRunning(holder)) {
      if (Date.now() > giveUpAt) throw new Error(`Process ${holder} has held ${file} for ten minutes. End it, and try again.`)
      await pause(300)
    } else {
      rmSync(file, { force: true })
    }
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Makes the file with its text in one step: nobody ever finds it empty. */
function taken(file: string): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
