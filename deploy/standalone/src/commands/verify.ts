import { resolve } from 'node:path'
import { readConfiguration } from '../configuration.ts'
import { keep, keepOffline, type KeepOptions } from '../keep.ts'

/** `vonggac verify [BACKUP]` */
export function verify(folder: string | undefined, options: KeepOptions): Promise<void> {
  if (folder === undefined) return keep('check', undefined, options)
  return keepOffline('check-back-up', readConfiguration(options.config, process.env), resolve(folder))
}
