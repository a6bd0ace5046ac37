import { resolve } from 'node:path'
import { readConfiguration } from '../configuration.ts'
import { prepareDataFolder } from '../data-folder.ts'
import { keepOffline, type KeepOptions } from '../keep.ts'
import { lockDataFolder } from '../lock.ts'

/** `vonggac restore FOLDER` */
export async function restore(folder: string, options: KeepOptions): Promise<void> {
  const configuration = readConfiguration(options.config, process.env)
  prepareDataFolder(configuration.dataFolder)
  const lock = lockDataFolder(configuration.dataFolder)
  try {
    await keepOffline('restore', configuration, resolve(folder))
  } finally {
    lock.release()
  }
}
