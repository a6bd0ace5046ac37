import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureFolder } from '../../platform/index.ts'

/** Where a source's token stands: one line, readable by its owner alone. */
export function tokenPath(dataFolder: string, sourceId: string): string {
  return join(dataFolder, 'secrets', `source-${sourceId}.token`)
}

export type SourceOfToken = (token: string) => string | undefined

/** Reads the token of each source, making it (256 random bits, base64url) where there is none yet. */
export async function loadTokens(dataFolder: string, sourceIds: readonly string[]): Promise<SourceOfToken> {
  await ensureFolder(join(dataFolder, 'secrets'))
  const known: { readonly id: string; readonly digest: Buffer }[] = []
  for (const id of sourceIds) known.push({ id, digest: digestOf(await readOrMake(tokenPath(dataFolder, id))) })
  return (token) => {
    const digest = digestOf(token)
    // Every token is compared, so that the time taken says nothing about which one came close.
    let found: string | undefined
    for (const { id, digest: expected } of known) if (timingSafeEqual(digest, expected)) found = id
    return found
  }
}

async function readOrMake(path: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  try {
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx', flush: true })
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const present = (await readFile(path, 'utf8')).trim()
  if (present.length < 16) throw new Error(`${path} holds no usable token: delete it, and the next start makes a new one.`)
  return present
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
