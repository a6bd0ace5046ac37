import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.ts'

export interface Lock {
  /** The one before was left behind by a start that was killed: its processes may still be ending. */
  readonly takenOver: boolean
  release(): void
}

interface Holder {
  readonly pid: number
  /** Tells a process from a later one that was given the same id; null where the system does not say. */
  readonly started: string | null
}

/** One start per data folder: two would write over each other. The lock names its process, so one that was killed holds nothing. */
export function lockDataFolder(folder: string): Lock {
  const file = join(folder, 'vonggac.lock')
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder)
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      createWhole(file, own)
      return { takenOver: attempt > 0, release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    refuseWhereAlive(folder, readHolder(file))
    removeAbandoned(folder, file)
  }
  throw new Failure('running', `Somebody else is starting Vọng Gác on ${folder} at this moment. Try again.`)
}

function refuseWhereAlive(folder: string, holder: Holder | undefined): void {
  if (!holder || !isAlive(holder)) return
  throw new Failure(
    'running',
    `Vọng Gác is already running on ${folder} (process ${holder.pid}). Stop it first, or give this one another dataFolder.`,
  )
}

/** Makes the file with its text in one step: nobody ever finds it empty. Throws `EEXIST`. */
function createWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text)
  try {
    linkSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Two starts may find the same abandoned lock: whoever is slower must not remove the lock that the other has taken by then. */
function removeAbandoned(folder: string, file: string): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const holder = readHolder(aside)
    if (holder && isAlive(holder)) linkSync(aside, file)
    refuseWhereAlive(folder, holder)
  } finally {
    rmSync(aside, { force: true })
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    // Gone in the meantime, or half written when the machine stopped: nobody's.
    return undefined
  }
}

/** Whether a process runs. One that ended and was not yet taken note of by its parent (a zombie) has an id, and runs no more. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return statOf(pid)?.state !== 'Z'
}

const isAlive = ({ pid, started }: Holder) => isRunning(pid) && startOf(pid) === started

const startOf = (pid: number) => statOf(pid)?.start ?? null

/** Linux: fields 3 and 22 (in clock ticks since boot) of /proc/PID/stat (proc(5)). The name in field 2 may hold anything, also brackets. */
function statOf(pid: number): { state: string | undefined; start: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], start: fields[19] }
  } catch {
    return undefined
  }
}
