import { Worker } from 'node:worker_threads'
import { trialLimits, type TrialAnswer, type TrialOrder, type TrialResult } from '@vonggac/contract'

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
    const fail = (sentence: string) => finish({ results: [], failed: sentence })
    const timer = setTimeout(
      () => fail(`The parser took longer than ${limitMs / 1_000} s for these lines; try fewer, or simpler patterns.`),
      limitMs,
    )
    worker.once('message', (results: TrialResult[]) => finish({ results }))
    worker.once('error', (error) => fail(`The trial failed: ${(error as Error).message}`.slice(0, 1_000)))
    worker.once('exit', () => fail('The trial ended without a result.'))
  })
}
