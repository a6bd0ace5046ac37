import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Upkeep } from '../upkeep.ts'
import { storeFailed } from './connection.ts'

/** Of the database in the folder, whether a store works on it or not. */
export function libsqlUpkeep(folder: string): Upkeep {
  const file = join(folder, 'documents.db')
  return {
    async backUp({ folder: into, own, progress }) {
      progress(0)
      const place = 'documents/documents.db'
      const to = join(into, own, place)
      await mkdir(dirname(to), { recursive: true })
      const { bytes, crc } = await run<{ bytes: number; crc: string }>(['copy', file, to], 'cannot be copied')
      return { files: [{ path: `${own}/${place}`, place, bytes, crc }], notes: [] }
    },
    async check(progress) {
      progress(0)
      if (!existsSync(file)) return []
      const damage = await run<readonly string[]>(['check', file], 'cannot be read').catch((error: unknown) => [
        error instanceof Error ? error.message : String(error),
      ])
      return damage.length === 0 ? [] : [`The document store ${file} is damaged: ${damage.join('; ')}. Restore it from a back-up.`]
    },
  }
}

/** Throws `store-failed` with what the process says, or that it died. */
function run<T>(task: readonly string[], what: string): Promise<T> {
  const fromSource = import.meta.url.endsWith('.ts')
  const script = fileURLToPath(new URL(fromSource ? './upkeep-process.ts' : './upkeep-process.js', import.meta.url))
  const loader = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return new Promise((resolve, reject) => {
    const child = fork(script, task, {
      execArgv: fromSource ? ['--import', loader(), '--conditions=vonggac-source'] : [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let said: { readonly answer?: T; readonly error?: string } | undefined
    child.once('message', (message: typeof said) => (said = message))
    child.once('error', (error) => reject(storeFailed(what, error)))
    child.once('exit', (code, signal) => {
      if (said !== undefined && said.error === undefined) resolve(said.answer as T)
      else reject(storeFailed(what, said?.error ?? `its process ended (${signal ?? code})`))
    })
  })
}
