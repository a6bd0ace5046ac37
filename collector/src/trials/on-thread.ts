import { Worker } from 'node:worker_threads'
import { say, trialLimits, type Said, type TrialAnswer, type TrialOrder, type TrialResult } from '@vonggac/contract'

const fromSource = import.meta.url.endsWith('.ts')
const memoryMegabytes = 256

/**
 * Runs a trial on a thread of its own, which is ended when its time or memory is over: what people write while they try cannot harm what is collected meanwhile. Never throws.
 */
export function runOnThread(order: TrialOrder, parsersFolder: string, limitMs = trialLimits.seconds * 1_000): Promise<TrialAnswer> {
  const options = { workerData: { order, parsersFolder }, resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes } }
  const worker = fromSource
    ? new Worker(new URL('./worker-from-source.mjs', import.meta.url), { ...options, execArgv: ['--conditions=vonggac-source'] })
    : new Worker(new URL('./worker.js', import.meta.url), options)
  return new Promise((resolve) => {
    const finish = (answer: TrialAnswer) => {
      clearTimeout(timer)
      resolve(answer)
      void worker.terminate()
    }
    const fail = (failed: Said) => finish({ results: [], failed })
    const timer = setTimeout(() => fail(say('trial-long', { seconds: limitMs / 1_000 })), limitMs)
    worker.once('message', (results: TrialResult[]) => finish({ results }))
    worker.once('error', (error) => fail(say('trial-failed', { reason: (error as Error).message.slice(0, 1_000) })))
    worker.once('exit', () => fail(say('trial-without-result')))
  })
}
