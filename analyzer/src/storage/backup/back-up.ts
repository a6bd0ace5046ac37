import { VonggacError } from '@vonggac/contract'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { syncFolder } from '../duckdb/log/files.ts'
import type { Progress, Upkeep } from '../upkeep.ts'
import { listName, listText, readList, type BackupList } from './list.ts'

export interface BackUpOptions {
  /** Made where it is missing; an earlier back-up in it is replaced once this one is whole. */
  readonly folder: string
  readonly version: string
  readonly now: () => Date
  /** Of the event store. */
  readonly events: number
  readonly progress: Progress
}

/** All stores are caught at the same moment, as nearly as can be: alerts among the documents are about events. */
export async function backUp(stores: readonly Upkeep[], options: BackUpOptions): Promise<BackupList> {
  const { version, now, events, progress } = options
  const folder = resolve(options.folder)
  const startedAt = now().toISOString()
  const own = startedAt.replace(/[:.]/g, '-')
  const before = await prepare(folder)
  const known = new Map(before?.files.map((file) => [file.path, file]))
  try {
    const made = await atOnce(stores, (store, done) => store.backUp({ folder, own, known, progress: done }), progress)
    const files = made.flatMap((each) => each.files)
    const notes = made.flatMap((each) => each.notes)
    const list: BackupList = { format: 1, version, startedAt, finishedAt: now().toISOString(), own, events, notes, files }
    await writeList(folder, list)
    await clear(folder, list)
    return list
  } catch (error) {
    await rm(join(folder, own), { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
}

async function atOnce<T>(
  stores: readonly Upkeep[],
  work: (store: Upkeep, progress: Progress) => Promise<T>,
  progress: Progress,
): Promise<readonly T[]> {
  const done = stores.map(() => 0)
  const progressOf = (n: number) => (part: number) => {
    done[n] = part
    progress(done.reduce((sum, each) => sum + each, 0) / stores.length)
  }
  const outcomes = await Promise.allSettled(stores.map((store, n) => work(store, progressOf(n))))
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

/** The back-up that is there; a folder with something else in it is left alone. */
async function prepare(folder: string): Promise<BackupList | undefined> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new VonggacError(
      'store-failed',
      `The folder ${folder} cannot be made (${(cause as NodeJS.ErrnoException).code}). Name another one.`,
      {
        cause,
      },
    )
  }
  const before = await readList(folder)
  const strange = before === undefined ? (await readdir(folder)).filter((name) => !isOurs(name)) : []
  if (strange.length === 0) return before
  throw new VonggacError(
    'store-failed',
    `${folder} holds other files (${strange[0]}). Name an empty folder for the back-up, or that of an earlier one.`,
  )
}

const isOurs = (name: string) => name === 'events' || name.startsWith(listName) || /^\d{4}-\d\d-\d\dT[\d-]+Z$/.test(name)

async function writeList(folder: string, list: BackupList): Promise<void> {
  const unfinished = join(folder, `${listName}.new`)
  const file = await open(unfinished, 'w')
  try {
    await file.writeFile(listText(list))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, join(folder, listName))
  await syncFolder(folder)
}

/** Deletes what this back-up does not need: segments that are gone from the store, and the other files of earlier back-ups. */
async function clear(folder: string, { own, files }: BackupList): Promise<void> {
  const needed = new Set(files.map(({ path }) => path))
  for (const name of await readdir(folder)) {
    if (isOurs(name) && name !== own && name !== 'events' && !name.startsWith(listName))
      await rm(join(folder, name), { recursive: true, force: true })
  }
  const segments = 'events/segments'
  for (const name of await readdir(join(folder, segments), { recursive: true }).catch(() => [])) {
    const path = `${segments}/${name}`
    if (/\.(parquet|sig|new)$/.test(name) && !needed.has(path)) await rm(join(folder, path), { force: true })
  }
}
