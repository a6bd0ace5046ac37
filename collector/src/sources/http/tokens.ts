import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transport } from '@vonggac/contract'
import { ensureFolder } from '../../platform/index.ts'

/** Whether sources of the transport are told by tokens. */
export function isByToken(transport: Transport): boolean {
  return transport === 'http' || transport === 'journald'
}

/** Where a source's token stands: one line, readable by its owner alone. */
export function tokenPath(dataFolder: string, sourceId: string): string {
  return join(dataFolder, 'secrets', `source-${sourceId}.token`)
}

interface KnownToken {
  readonly source: string
  /** SHA-256, base64url. */
  readonly digest: string
}

/** Tells the source of a token: those of the sources in `vonggac.yml`, whose tokens stand in files, and those that the console assigned, known by their digest. */
export class Tokens {
  readonly #declared: readonly KnownToken[]
  #known: readonly { readonly source: string; readonly digest: Buffer }[] = []

  constructor(declared: readonly KnownToken[]) {
    this.#declared = declared
    this.assign([])
  }

  /** In place of those that were assigned before. */
  assign(tokens: readonly KnownToken[]): void {
    this.#known = [...this.#declared, ...tokens].map(({ source, digest }) => ({ source, digest: Buffer.from(digest, 'base64url') }))
  }

  sourceOf(token: string): string | undefined {
    const digest = digestOf(token)
    // Every token is compared, so that the time taken says nothing about which one came close.
    let found: string | undefined
    for (const { source, digest: expected } of this.#known) if (timingSafeEqual(digest, expected)) found = source
    return found
  }
}

/** Reads the token of each source, making it (256 random bits, base64url) where there is none yet. */
export async function loadTokens(dataFolder: string, sourceIds: readonly string[]): Promise<Tokens> {
  await ensureFolder(join(dataFolder, 'secrets'))
  const known: KnownToken[] = []
  for (const source of sourceIds)
    known.push({ source, digest: digestOf(await readOrMake(tokenPath(dataFolder, source))).toString('base64url') })
  return new Tokens(known)
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
