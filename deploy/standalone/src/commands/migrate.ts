import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { readConfiguration } from '../configuration.ts'
import { prepareDataFolder } from '../data-folder.ts'
import { exitCodes } from '../failure.ts'
import { lockDataFolder } from '../lock.ts'

const entry = fileURLToPath(new URL('migrate.js', import.meta.resolve('@vonggac/analyzer')))

/** `vonggac migrate --to elasticsearch`: lets the analyzer's own process move everything, and keeps others from starting meanwhile; its exit code is ours. */
export async function migrate({ config, to }: { readonly config?: string; readonly to: string }): Promise<void> {
  const { file, dataFolder } = readConfiguration(config, process.env)
  prepareDataFolder(dataFolder)
  const lock = lockDataFolder(dataFolder)
  // A terminal sends the interruption to both: the child ends at a good place, and this one waits for it.
  const wait = () => {}
  process.on('SIGINT', wait)
  try {
    const child = spawn(process.execPath, [entry, '--config', file, '--to', to], {
      stdio: 'inherit',
      env: { ...process.env, VONGGAC_DATA_FOLDER: JSON.stringify(dataFolder) },
    })
    const forward = () => void child.kill('SIGTERM')
    process.on('SIGTERM', forward)
    const [code] = (await once(child, 'close')) as [number | null]
    process.off('SIGTERM', forward)
    process.exitCode = code ?? exitCodes.unexpected
  } finally {
    process.off('SIGINT', wait)
    lock.release()
  }
}
