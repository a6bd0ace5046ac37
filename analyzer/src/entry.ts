/** What the processes of the analyzer have in common: their configuration, and how they end. */
import { readFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { isVonggacError, parseConfig, type Config } from '@vonggac/contract'
import type { CommandGiver } from './storage/index.ts'

/** The command line or the configuration is wrong. */
export class UsageError extends Error {}

/** Relative paths in the file begin at its own folder. */
export async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The configuration ${file} cannot be read: ${error.message}`)
  })
  const { config, mistakes } = parseConfig(text, process.env)
  if (mistakes) {
    const lines = mistakes.map(({ path, message, line }) =>
      [line === undefined ? file : `${file}:${line}`, path, message].filter(Boolean).join(': '),
    )
    throw new UsageError(lines.join('\n'))
  }
  const from = (path: string) => resolve(dirname(file), path)
  const { packs, storage } = config.analyzer
  const { backupFolder } = storage
  const analyzer = {
    ...config.analyzer,
    packs: packs.map(from),
    storage: { ...storage, ...(backupFolder !== undefined && { backupFolder: from(backupFolder) }) },
  }
  return { ...config, dataFolder: from(config.dataFolder), analyzer }
}

/** Whoever gave the command, for the audit chain; behind sudo, the person. */
export function commandGiver(): CommandGiver {
  return { user: process.env.SUDO_USER ?? userName(), host: hostname() }
}

/** In a container a user may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.()}`
  }
}

/** 1 failed, 2 wrong configuration, 3 a port cannot be had, 4 the data folder cannot be used. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || isVonggacError(error, 'invalid-configuration')) return 2
  if (isVonggacError(error, 'store-failed')) return 4
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code.startsWith('ERR_PARSE_ARGS')) return 2
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL' ? 3 : 1
}
