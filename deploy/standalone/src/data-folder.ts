import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.ts'

/** Makes the data folder where it is missing, proves that it can be written to, and keeps what this process and its children write from other users. */
export function prepareDataFolder(folder: string): void {
  // What the city's systems log, and the digests of passwords, are not for every user of this machine: also in a folder that was there before,
  // and in the files of the processes, which inherit it.
  process.umask(0o077)
  const probe = join(folder, `.probe-${process.pid}`)
  try {
    for (const name of ['secrets', 'logs']) mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new Failure(
      'dataFolder',
      `The data folder ${folder} cannot be written to (${code}). Give your user the right to, or set dataFolder to another one.`,
    )
  }
}

/** The secret that collector and analyzer share: made at the first start, read at every later one. */
export function linkSecret(dataFolder: string): string {
  const file = join(dataFolder, 'secrets', 'link.secret')
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 16)
    throw new Failure('dataFolder', `The link secret in ${file} is too short. Delete the file: the next start makes a new one.`)
  return secret
}
