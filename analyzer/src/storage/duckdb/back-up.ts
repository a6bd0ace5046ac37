import { VonggacError } from '@vonggac/contract'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackedUp, BackedUpFile, BackupTarget } from '../upkeep.ts'
import type { Engine } from './engine/engine.ts'
import type { HotTables } from './hot-tables.ts'
import { checksum } from './log/frame.ts'
import { manifestOf, type Manifest, type Segment } from './manifest.ts'
import type { Segments, StoredSegment } from './segments.ts'
import { signaturePath } from './signature-file.ts'
import type { Turn } from './turn.ts'

export interface BackUpDeps {
  readonly engine: Engine
  readonly manifest: Manifest
  readonly segments: Segments
  readonly hot: HotTables
  readonly writing: Turn
}

/**
 * Segments never change, so those of one moment are copied at leisure: while they are in use they are not deleted. What is not yet in
 * segments is copied in the moment itself, as its log files, while no table becomes segments.
 */
export async function backUpEvents(deps: BackUpDeps, target: BackupTarget): Promise<BackedUp> {
  const { manifest, segments, hot, writing } = deps
  await hot.fresh()
  const { held, state, files } = await writing.take(async () => {
    const inUse = segments.useAll()
    const moment = manifestOf(manifest.state)
    try {
      return { held: inUse, state: moment, files: await copyLog(deps, target) }
    } catch (error) {
      for (const { retirable } of inUse) retirable.release()
      throw error
    }
  })
  try {
    const copied: BackedUpFile[] = [...files, await writeManifest(state, target)]
    const notes: string[] = []
    for (const [n, stored] of held.entries()) {
      target.progress(n / held.length)
      const outcome = await copySegment(deps.engine, stored, target)
      if (typeof outcome === 'string') notes.push(outcome)
      else copied.push(...outcome)
    }
    return { files: copied, notes }
  } finally {
    for (const { retirable } of held) retirable.release()
  }
}

async function copyLog({ engine, hot }: BackUpDeps, { folder, own }: BackupTarget): Promise<readonly BackedUpFile[]> {
  const copied: BackedUpFile[] = []
  for (const { number, path } of hot.files) {
    const place = `events/wal/${String(number).padStart(9, '0')}.log`
    copied.push({ path: `${own}/${place}`, place, ...(await copyTo(engine, path, join(folder, own, place))) })
  }
  return copied
}

async function writeManifest(text: string, { folder, own }: BackupTarget): Promise<BackedUpFile> {
  const place = 'events/manifest.log'
  const bytes = Buffer.from(text)
  await mkdir(join(folder, own, 'events'), { recursive: true })
  await writeFile(join(folder, own, place), bytes, { flush: true })
  return { path: `${own}/${place}`, place, bytes: bytes.length, crc: checksum(bytes) }
}

/** Its files; or, for people, why it has none. */
async function copySegment(engine: Engine, stored: StoredSegment, target: BackupTarget): Promise<readonly BackedUpFile[] | string> {
  const { segment, path } = stored
  const place = `events/segments/${segment.name}`
  const there = await knownFile(target, place, segment)
  const file = there ?? (await copy(engine, path, place, target))
  if (file === undefined || file.crc !== segment.crc) {
    return `The segment ${path} is damaged: its ${segment.events} events are not in the back-up.`
  }
  const signatures = signaturePath(place)
  const signature = (await knownFile(target, signatures)) ?? (await copy(engine, signaturePath(path), signatures, target))
  return signature === undefined ? [file] : [file, signature]
}

/** A file of the back-up before; of a segment, only where it is what the segment was when it was written. */
async function knownFile({ folder, known }: BackupTarget, place: string, segment?: Segment): Promise<BackedUpFile | undefined> {
  const file = known.get(place)
  if (file === undefined || (segment !== undefined && file.crc !== segment.crc)) return undefined
  const size = await stat(join(folder, place)).then(
    ({ size: found }) => found,
    () => undefined,
  )
  return size === file.bytes ? file : undefined
}

/** Undefined where there is nothing to be copied. */
async function copy(engine: Engine, from: string, place: string, { folder }: BackupTarget): Promise<BackedUpFile | undefined> {
  const isThere = await stat(from).then(
    () => true,
    () => false,
  )
  return isThere ? { path: place, place, ...(await copyTo(engine, from, join(folder, place))) } : undefined
}

async function copyTo(engine: Engine, from: string, to: string) {
  try {
    return await engine.ask('copy', { from, to })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VonggacError('store-failed', `${from} cannot be copied to ${to}. Is there space? (${reason})`, { cause })
  }
}
