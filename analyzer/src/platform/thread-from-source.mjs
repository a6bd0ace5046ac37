/** Runs a thread's module from its TypeScript source, for tests and tools that run without a build. */
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(workerData)
