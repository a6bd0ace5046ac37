import { resolve } from 'node:path'
import { keep, type KeepOptions } from '../keep.ts'

/** `vonggac backup [FOLDER]` */
export function backup(folder: string | undefined, options: KeepOptions): Promise<void> {
  return keep('back-up', folder === undefined ? undefined : resolve(folder), options)
}
