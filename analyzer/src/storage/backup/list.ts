/**
 * A back-up's folder:
 *
 *     backup.json                        what belongs to it, with sizes and sums; written last: without it there is no back-up
 *     events/segments/<day>/….parquet    immutable, and so shared by this back-up and the next one
 *     <time>/events/…, <time>/documents/ of the back-up of that time: log files, manifest, documents
 */
import { VonggacError } from '@vonggac/contract'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { checksum } from '../duckdb/log/frame.ts'

/** Never outside the folder. */
const relativePath = z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/)

const listSchema = z.object({
  format: z.literal(1),
  /** Of the product that made it. */
  version: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  own: relativePath,
  events: z.int(),
  /** What is not in it, for people. */
  notes: z.array(z.string()),
  files: z.array(z.object({ path: relativePath, place: relativePath, bytes: z.int().nonnegative(), crc: z.string() })),
})
export type BackupList = z.infer<typeof listSchema>

export const listName = 'backup.json'

export function listText(list: BackupList): string {
  return `${JSON.stringify({ crc: checksum(Buffer.from(JSON.stringify(list))), list }, undefined, 1)}\n`
}

/** Undefined where the folder holds no back-up. Throws `store-failed` for one that is damaged. */
export async function readList(folder: string): Promise<BackupList | undefined> {
  const path = join(folder, listName)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    const { crc, list } = JSON.parse(text) as { crc: unknown; list: unknown }
    if (checksum(Buffer.from(JSON.stringify(list))) !== crc) throw new Error('its checksum differs')
    return listSchema.parse(list)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VonggacError('store-failed', `The list of the back-up ${path} is damaged (${reason}). Use another back-up.`, { cause })
  }
}
