import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeAtomically } from '../../platform/index.ts'
import type { Place } from './page.ts'

/** A place is of the address that it was found at: a source that is given another one begins anew. */
const savedSchema = z.strictObject({ url: z.string(), cursor: z.string() })

/** `undefined` where there is none, or `broken` was told. */
export async function readPlace(path: string, url: string, broken: (detail: string) => void): Promise<Place | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') broken(error.message)
    return undefined
  })
  if (text === undefined) return undefined
  try {
    const saved = savedSchema.parse(JSON.parse(text))
    return saved.url === url ? { cursor: saved.cursor } : undefined
  } catch (error) {
    broken((error as Error).message)
    return undefined
  }
}

export function writePlace(path: string, url: string, { cursor }: Place): Promise<void> {
  return writeAtomically(path, JSON.stringify({ url, cursor }))
}
