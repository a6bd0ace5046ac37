import { writeFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ensureFolder } from '../platform/index.ts'
import type { CorruptRegion } from './segment.ts'

/** Where bytes that cannot be read are kept for whoever wants to look at them: bounded, the first ones win. */
const asideLimit = 256 * 1024 * 1024

export interface Aside {
  /** The path of the copy, or `undefined` when there is no room for it. */
  keep(region: CorruptRegion): string | undefined
}

export async function openAside(folder: string): Promise<Aside> {
  let used = 0
  await ensureFolder(folder)
  for (const name of await readdir(folder)) used += (await stat(join(folder, name))).size
  return {
    keep(region) {
      if (used + region.bytes.length > asideLimit) return undefined
      const path = join(folder, `${basename(region.path)}.${region.offset}`)
      try {
        writeFileSync(path, region.bytes, { mode: 0o600 })
      } catch {
        return undefined
      }
      used += region.bytes.length
      return path
    },
  }
}
