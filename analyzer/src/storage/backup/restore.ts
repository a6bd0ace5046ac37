import { VonggacError } from '@vonggac/contract'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { copyFile } from '../duckdb/engine/copy.ts'
import { checksumOf } from '../duckdb/engine/write-segment.ts'
import { syncFolder } from '../duckdb/log/files.ts'
import type { Progress } from '../upkeep.ts'
import { listName, readList, type BackupList } from './list.ts'
import { noteName, writeRestoredNote, type CommandGiver } from './restored-note.ts'

/** The folders of the data folder that a back-up fills. */
const filled = ['events', 'documents'] as const
/** Holds them until they are whole; while it is there, the data folder is not to be used. */
const unfinishedName = 'restoring'

/** Compares every file with its sum; sentences for people, of what is damaged or missing. Throws `store-failed` where there is no back-up. */
export async function checkBackup(
  folder: string,
  progress: Progress,
): Promise<{ readonly list: BackupList; readonly damage: readonly string[] }> {
  const list = await readList(folder)
  if (list === undefined) {
    throw new VonggacError(
      'store-failed',
      `There is no back-up in ${folder}: it has no ${listName}, which is written when a back-up is whole.`,
    )
  }
  const damage: string[] = []
  for (const [n, { path, bytes, crc }] of list.files.entries()) {
    progress(n / list.files.length)
    const found = await checksumOf(join(folder, path)).catch(() => undefined)
    if (found === undefined) damage.push(`${join(folder, path)} is missing or cannot be read.`)
    else if (found.bytes !== bytes || found.crc !== crc) damage.push(`${join(folder, path)} is damaged: its checksum differs.`)
  }
  return { list, damage }
}

/**
 * Puts a back-up into a data folder that has no events and documents. Every file is compared with its sum before anything is written, and
 * again while it is copied; the folders get their names only when they are whole. A note tells the next start who restored it. Throws
 * `store-failed`.
 */
export async function restore(folder: string, dataFolder: string, by: CommandGiver, progress: Progress): Promise<BackupList> {
  const unfinished = join(dataFolder, unfinishedName)
  // What an interrupted restore has put in place is nobody's data.
  if (!existsSync(unfinished)) await refuseWhereData(dataFolder)
  const { list, damage } = await checkBackup(folder, (done) => progress(done / 2))
  if (damage.length > 0) throw new VonggacError('store-failed', `Nothing was restored. ${damage.join(' ')}`)
  await rm(unfinished, { recursive: true, force: true })
  try {
    await copyAll(list, folder, unfinished, (done) => progress(0.5 + done / 2))
    const { startedAt: backedUpAt, events } = list
    await writeRestoredNote(unfinished, { restoredAt: new Date().toISOString(), by, folder: resolve(folder), backedUpAt, events })
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
  for (const name of filled) {
    await rm(join(dataFolder, name), { recursive: true, force: true })
    await rename(join(unfinished, name), join(dataFolder, name))
  }
  await rename(join(unfinished, noteName), join(dataFolder, noteName))
  await syncFolder(dataFolder)
  await rm(unfinished, { recursive: true, force: true })
  return list
}

/** Throws `store-failed` where a restore was interrupted: part of the data would be missing. */
export function refuseHalfRestored(dataFolder: string): void {
  if (!existsSync(join(dataFolder, unfinishedName))) return
  throw new VonggacError('store-failed', `A restore into ${dataFolder} was interrupted. Run it again before you start.`)
}

async function copyAll({ files }: BackupList, folder: string, to: string, progress: Progress): Promise<void> {
  for (const name of filled) await mkdir(join(to, name), { recursive: true })
  for (const [n, { path, place, bytes, crc }] of files.entries()) {
    progress(n / files.length)
    const copied = await copyFile(join(folder, path), join(to, place))
    if (copied.bytes !== bytes || copied.crc !== crc) {
      throw new VonggacError('store-failed', `Nothing was restored: ${join(folder, path)} changed while it was read.`)
    }
  }
}

async function refuseWhereData(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  for (const name of filled) {
    const found = await readdir(join(dataFolder, name)).catch(() => [])
    if (found.length === 0) continue
    const advice = 'Restore into another dataFolder, or move this one away first'
    throw new VonggacError('store-failed', `${join(dataFolder, name)} is not empty, and nothing in it is overwritten. ${advice}.`)
  }
}
