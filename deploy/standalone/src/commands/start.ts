import { run, type RunOptions } from './run.ts'

/** `vonggac start` */
export function start(options: RunOptions): Promise<void> {
  return run(options)
}
