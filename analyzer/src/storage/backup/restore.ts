import { VonggacError } from '@vonggac/contract'
import { readdir, rename, rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyFile } from '../duckdb/engine/copy.ts'
import { checksumOf } from '../duckdb/engine/write-segment.ts'
import { syncFolder } from '../duckdb/log/files.ts'
import type { Progress } from '../upkeep.ts'
import { listName, readList, type BackupList } from './list.ts'

/** The folders of the data folder that a back-up fills. */
const filled = ['events', 'documents'] as const

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
 * again while it is copied; the folders get their names only when they are whole. Throws `store-failed`.
 */
export async function restore(folder: string, dataFolder: string, progress: Progress): Promise<BackupList> {
  await refuseWhereData(dataFolder)
  const { list, damage } = await checkBackup(folder, (done) => progress(done / 2))
  if (damage.length > 0) throw new VonggacError('store-failed', `Nothing was restored. ${damage.join(' ')}`)
  const unfinished = join(dataFolder, 'restoring')
  await rm(unfinished, { recursive: true, force: true })
  try {
    for (const [n, { path, place, bytes, crc }] of list.files.entries()) {
      progress(0.5 + n / list.files.length / 2)
      const copied = await copyFile(join(folder, path), join(unfinished, place))
      if (copied.bytes !== bytes || copied.crc !== crc)
        throw new VonggacError('store-failed', `${join(folder, path)} changed while it was read.`)
    }
    for (const name of filled) {
      await mkdir(join(unfinished, name), { recursive: true })
      await rm(join(dataFolder, name), { recursive: true, force: true })
      await rename(join(unfinished, name), join(dataFolder, name))
    }
    await syncFolder(dataFolder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return list
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
