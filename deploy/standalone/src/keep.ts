import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { textOf, type StorageJob } from '@vonggac/contract'
import { readConfiguration, type Configuration } from './configuration.ts'
import { prepareDataFolder } from './data-folder.ts'
import { exitCodes, Failure } from './failure.ts'
import { lockDataFolder } from './lock.ts'

export interface KeepOptions {
  readonly config?: string
}

type Task = 'back-up' | 'check'

const entry = fileURLToPath(new URL('keep.js', import.meta.resolve('@vonggac/analyzer')))
const pollMs = 300

/** Asks the running analyzer for it; where none runs, does it itself and keeps others from starting meanwhile. */
export async function keep(task: Task, folder: string | undefined, { config }: KeepOptions): Promise<void> {
  const configuration = readConfiguration(config, process.env)
  const door = await findDoor(configuration.dataFolder)
  if (door) return keepRunning(door, task, folder)
  prepareDataFolder(configuration.dataFolder)
  const lock = lockDataFolder(configuration.dataFolder)
  try {
    await keepOffline(task, configuration, folder)
  } finally {
    lock.release()
  }
}

/** Lets the analyzer's other process work on the data folder; its exit code is ours. */
export async function keepOffline(
  task: Task | 'restore' | 'check-back-up',
  { file, dataFolder }: Configuration,
  folder: string | undefined,
): Promise<void> {
  const child = spawn(process.execPath, [entry, task, '--config', file, ...(folder === undefined ? [] : ['--folder', folder])], {
    stdio: 'inherit',
    env: { ...process.env, VONGGAC_DATA_FOLDER: JSON.stringify(dataFolder) },
  })
  const [code] = (await once(child, 'close')) as [number | null]
  process.exitCode = code ?? exitCodes.unexpected
}

/** The running analyzer's door for commands on its machine (analyzer/src/keeping/door.ts). */
interface Door {
  readonly url: string
  readonly token: string
}

async function findDoor(dataFolder: string): Promise<Door | undefined> {
  try {
    const { port, token } = JSON.parse(readFileSync(join(dataFolder, 'secrets', 'keeping.json'), 'utf8')) as { port: number; token: string }
    const door = { url: `http://127.0.0.1:${port}/jobs`, token }
    // Left behind by an analyzer that was killed, its port may be another program's by now: that does not know the token.
    const { status } = await ask(door)
    return status === 200 || status === 404 ? door : undefined
  } catch {
    return undefined
  }
}

function ask({ url, token }: Door, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(url, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000) })
}

async function keepRunning(door: Door, kind: Task, folder: string | undefined): Promise<void> {
  const started = await answerOf(await ask(door, { kind, ...(folder !== undefined && { folder }) }))
  for (let job = started; ; job = await answerOf(await ask(door))) {
    if (job.startedAt !== started.startedAt)
      throw new Failure('unexpected', 'The analyzer was restarted meanwhile. Start the command again.')
    if (job.state !== 'running') return finish(job)
    await sleep(pollMs)
  }
}

async function answerOf(response: Response): Promise<StorageJob> {
  const answer = (await response.json()) as StorageJob & { detail?: string }
  if (!response.ok) throw new Failure('unexpected', answer.detail ?? `The analyzer answered ${response.status}.`)
  return answer
}

function finish({ state, notes }: StorageJob): void {
  for (const note of notes) console.log(textOf(note))
  if (state === 'failed') process.exitCode = exitCodes.damaged
}
