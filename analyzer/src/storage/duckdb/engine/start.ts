import { fork, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Starts the engine's process: compiled beside the compiled store, or from source beside the source, where tests run. */
export function startEngineProcess(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts')
  const script = fileURLToPath(new URL(fromSource ? './engine-process.ts' : './engine-process.js', import.meta.url))
  return fork(script, [], {
    // Beside DuckDB's own memory: enough for a log file's lines, and room for the young among them, so that they are not copied about.
    execArgv: [
      ...(fromSource ? ['--import', sourceLoader(), '--conditions=vonggac-source'] : []),
      '--max-old-space-size=512',
      '--max-semi-space-size=16',
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      // DuckDB's queries each hold one of libuv's threads, which files need too.
      UV_THREADPOOL_SIZE: '12',
      // Its default: where it is not set, glibc raises it by itself and then keeps what was freed, a tenth of the process.
      MALLOC_TRIM_THRESHOLD_: '131072',
      // glibc's default is eight for each processor: threads that take turns would each keep what they freed, a seventh of the process.
      MALLOC_ARENA_MAX: '4',
    },
  })
}

function sourceLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}
