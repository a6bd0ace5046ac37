/**
 * Work on the data of an analyzer that does not run: `node dist/keep.js back-up|check|restore|check-back-up --config FILE [--folder FOLDER]`.
 * Whoever calls sees to it that none runs. Says one sentence for each thing that people have to know, and ends with 0 when all is well,
 * 1 for a failure nobody thought of, 2 for a wrong configuration, 4 for a folder that cannot be used, 6 when something is damaged.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemScope, textOf, type Config, type Said } from '@vonggac/contract'
import { createAuditRecorder } from './audit/index.ts'
import { commandGiver, exitCodeOf, readConfig, UsageError } from './entry.ts'
import { agenciesOf } from './identity/index.ts'
import { backUpStores, checkStores } from './keeping/index.ts'
import { systemClock } from './platform/index.ts'
import { checkBackup, restore, type DocumentStore } from './storage/index.ts'
import { openStores } from './stores.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const damaged = 6

interface Outcome {
  readonly failed: boolean
  readonly notes: readonly Said[]
}

async function main(): Promise<void> {
  process.umask(0o077)
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { config: { type: 'string' }, folder: { type: 'string' } } })
  if (!values.config) throw new UsageError('--config is missing.')
  const config = await readConfig(values.config)
  const { failed, notes } = await work(positionals[0], config, values.folder)
  for (const note of notes) console.log(textOf(note))
  process.exitCode = failed ? damaged : 0
}

async function work(task: string | undefined, config: Config, folder: string | undefined): Promise<Outcome> {
  switch (task) {
    case 'check':
    case 'back-up':
      return onStores(task, config, folder)
    case 'restore': {
      const { startedAt, events } = await restore(needed(folder), config.dataFolder, commandGiver(), shown)
      return { failed: false, notes: [`Restored ${events} events and all documents as they were at ${startedAt} to ${config.dataFolder}.`] }
    }
    case 'check-back-up': {
      const { list, damage } = await checkBackup(needed(folder), shown)
      const sound = `The back-up of ${list.startedAt} is whole: ${list.files.length} files, ${list.events} events.`
      return { failed: damage.length > 0, notes: damage.length > 0 ? damage : [sound, ...list.notes] }
    }
    default:
      throw new UsageError(`There is no task ${task}.`)
  }
}

async function onStores(task: 'check' | 'back-up', config: Config, folder: string | undefined): Promise<Outcome> {
  const opened: { close(): Promise<void> }[] = []
  try {
    const { documents, events, upkeep } = await openStores(config, systemClock, opened)
    if (upkeep.length === 0) {
      throw new UsageError('The stores are on Elasticsearch: back them up and check them with its own snapshots (snapshot and restore).')
    }
    const deps = {
      documents,
      events,
      chains: agenciesOf(config).map(({ id }) => id),
      stores: upkeep,
      backupFolder: resolve(config.analyzer.storage.backupFolder ?? join(config.dataFolder, 'backups')),
      version,
      clock: systemClock,
    }
    if (task === 'check') return await checkStores(deps, shown)
    await recordBackUp(documents, config, folder ?? deps.backupFolder)
    return await backUpStores(deps, shown, folder)
  } finally {
    for (const store of opened.toReversed()) await store.close()
  }
}

/** As the running analyzer records it; who may read the folder has every agency's data. */
async function recordBackUp(documents: DocumentStore, { operator }: Config, folder: string): Promise<void> {
  const audit = createAuditRecorder(documents, systemClock)
  const detail = { kind: 'back-up', folder, by: commandGiver() }
  await audit.record(systemScope('command'), { agency: operator, action: 'storage.start-job', subject: 'storage/embedded', detail })
}

function needed(folder: string | undefined): string {
  if (folder === undefined) throw new UsageError('--folder is missing.')
  return folder
}

let last = -1
/** A line that is written over on a terminal. */
function shown(done: number): void {
  const percent = Math.floor(done * 100)
  if (percent === last || !process.stderr.isTTY) return
  last = percent
  process.stderr.write(`\r${String(percent).padStart(3)} % `)
}

main().catch((error: unknown) => {
  const code = exitCodeOf(error)
  console.error(code === 1 ? error : (error as Error).message)
  process.exitCode = code
})
