import { createHash } from 'node:crypto'
import { access, constants, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { ensureFolder } from './files.ts'

/** The data folder cannot be used; `message` says why and what to do. */
export class FolderError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FolderError'
  }
}

/** @throws FolderError */
export async function openFolder(path: string): Promise<void> {
  try {
    await ensureFolder(path)
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new FolderError(
      `The folder ${path} cannot be written (${code}): give this user the right to it, or set dataFolder to another one.`,
      error,
    )
  }
}

/**
 * Makes sure that no other collector works in the folder: two would tear each other's journal. The lock is a Unix socket with an abstract
 * name, which the kernel takes away with the process, also after kill -9; so there is no stale lock to clean up.
 * @returns what releases it
 * @throws FolderError
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const name = createHash('sha256')
    .update(await realpath(path))
    .digest('hex')
    .slice(0, 32)
  const server = createServer()
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new FolderError(`Another collector works in ${path}: stop it, or set dataFolder to another one.`, error)),
    )
    server.listen({ path: `\0vonggac-collector-${name}` }, resolve)
  })
  return () => new Promise((resolve) => server.close(() => resolve()))
}
