import { parentPort, workerData } from 'node:worker_threads'
import type { TrialOrder } from '@vonggac/contract'
import { runTrial } from './trial.ts'

/** One trial, then the thread ends. */
const { order, parsersFolder } = workerData as { readonly order: TrialOrder; readonly parsersFolder: string }
parentPort!.postMessage(await runTrial(order, parsersFolder))
