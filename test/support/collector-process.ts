import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CollectorAddresses } from '@vonggac/collector'

const main = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url))

/** The collector as a process of its own, from the built files, once it is ready. @throws Error when it ends before */
export async function startCollectorProcess(
  config: string,
): Promise<{ readonly child: ChildProcess; readonly addresses: CollectorAddresses }> {
  const child = spawn(process.execPath, [main, '--config', config], {
    env: { PATH: process.env['PATH'], VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`The collector ended with ${code} before it was ready.`))),
  )
  ended.catch(() => {})
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ ready: true; addresses: CollectorAddresses }]
  return { child, addresses: message.addresses }
}

/** kill -9, and waits for its end. */
export async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
