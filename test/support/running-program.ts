import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFailed } from 'vitest'

const mostKept = 100_000

/** A program of others while a test runs it. What it writes is shown where the test fails. */
export class RunningProgram {
  readonly #child: ChildProcess
  #output = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output = (this.#output + text).slice(-mostKept)))
    }
    child.on('error', (error) => (this.#output += `it does not start: ${error.message}\n`))
  }

  /** Within a test. @param environment besides PATH */
  static start(path: string, args: readonly string[], environment: Record<string, string> = {}): RunningProgram {
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...environment } })
    const started = new RunningProgram(child)
    onTestFailed(() => console.error(`${path} said:\n${started.output}`))
    return started
  }

  /** The end of what it has written so far. */
  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined
  }

  /** Asks it to end; one that does not within half a minute is killed. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.hasEnded) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(patience)
  }
}
