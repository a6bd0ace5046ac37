/**
 * `restored.json` in a data folder says that the data came out of a back-up. It is put there together with the data, and taken away when the
 * audit chain, which came out of the back-up too, has it.
 */
import { VonggacError } from '@vonggac/contract'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Whoever gave a command on this machine. */
const giverSchema = z.object({ user: z.string(), host: z.string() })
export type CommandGiver = z.infer<typeof giverSchema>

const noteSchema = z.object({
  restoredAt: z.iso.datetime(),
  by: giverSchema,
  /** The folder of the back-up, and the moment that it holds. */
  folder: z.string(),
  backedUpAt: z.iso.datetime(),
  events: z.int(),
})
export type RestoredNote = z.infer<typeof noteSchema>

export const noteName = 'restored.json'

export async function writeRestoredNote(folder: string, note: RestoredNote): Promise<void> {
  await writeFile(join(folder, noteName), `${JSON.stringify(note, undefined, 1)}\n`, { flush: true })
}

/** Undefined where nothing was restored, or the audit chain has it. Throws `store-failed` for a note that cannot be read. */
export async function readRestoredNote(dataFolder: string): Promise<RestoredNote | undefined> {
  const path = join(dataFolder, noteName)
  try {
    return noteSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VonggacError('store-failed', `The note of a restore ${path} cannot be read (${reason}). Restore again, or delete it.`, {
      cause,
    })
  }
}

export async function removeRestoredNote(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, noteName), { force: true })
}
