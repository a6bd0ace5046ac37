import { isVonggacError, say, type Said } from '@vonggac/contract'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../upkeep.ts'
import { scanLog } from './log/frame.ts'
import type { Manifest } from './manifest.ts'
import type { Segments } from './segments.ts'
import { readSignatures, signaturePath } from './signature-file.ts'

/** Everything that the event store has on the disk, against its checksums; sentences for people. */
export async function checkFiles(manifest: Manifest, segments: Segments, logFolder: string, progress: Progress): Promise<readonly Said[]> {
  const damage: Said[] = []
  await manifest.check().catch((error: unknown) => {
    if (!isVonggacError(error)) throw error
    damage.push(error.said)
  })
  for (const name of await readdir(logFolder)) {
    // It may become a segment, and so be deleted, at any moment.
    const content = await readFile(join(logFolder, name)).catch(() => undefined)
    const { damaged } = content === undefined ? { damaged: 0 } : scanLog(content)
    if (damaged > 0) damage.push(say('log-file-damaged', { bytes: damaged, path: join(logFolder, name) }))
  }
  await segments.checkAll(progress)
  return [...damage, ...segments.damage, ...(await damagedSignatures(segments))]
}

async function damagedSignatures(segments: Segments): Promise<readonly Said[]> {
  const damage: Said[] = []
  for (const { name } of segments.sound) {
    const path = signaturePath(join(segments.folder, name))
    const file = await readFile(path).catch(() => undefined)
    if (file === undefined || readSignatures(file) !== undefined) continue
    damage.push(say('signatures-damaged', { path }))
  }
  return damage
}
