import { fork, type ChildProcess } from 'node:child_process'
import { Failure, failureOf } from './failure.ts'
import type { LogFile } from './log-file.ts'

/** What a process says when it can be used: `process.send({ ready: true, … })`. */
export interface Ready {
  readonly ready: true
  /** Address of the console (analyzer). */
  readonly console?: string
  /** The one-time set-up link, while there is no administrator (analyzer). */
  readonly setup?: string
}

export interface ChildOptions {
  readonly name: string
  /** The built entry, run as `node entry --config FILE`. */
  readonly entry: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: LogFile
  /** Told each time the process can be used, also after a restart. */
  readonly onReady: (ready: Ready, restarted: boolean) => void
  /** For people: a process that ended, and what is done about it. */
  readonly say: (sentence: string) => void
  readonly firstDelayMs?: number
  readonly longestDelayMs?: number
  readonly stopPatienceMs?: number
}

/** Running this long, a process counts as well again: the next restart is prompt. */
const wellAfterMs = 10_000
const keptErrorBytes = 4_096

/**
 * A process of the platform, started again whenever it ends without being asked to: promptly at first, then ever more slowly, never giving up.
 * One exception: a process that, before it was ever ready, ends with the exit code of a mistake that a person has to put right
 * (configuration, port, data folder) ends the start with what it said on stderr.
 */
export class Child {
  /** Settles when the process is first ready; rejects with a `Failure` when it cannot be started at all. */
  readonly ready: Promise<void>
  readonly #options: ChildOptions
  #process: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #restart: NodeJS.Timeout | undefined
  #well: NodeJS.Timeout | undefined
  #stopping = false
  #everReady = false
  #deaths = 0
  #becameReady: () => void = () => {}
  #failed: (failure: Failure) => void = () => {}

  constructor(options: ChildOptions) {
    this.#options = options
    this.ready = new Promise((resolve, reject) => {
      this.#becameReady = resolve
      this.#failed = reject
    })
    // Whoever waits for it is told; a start that is given up before that is no crash.
    this.ready.catch(() => {})
    this.#start()
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Asks the process to end and waits; one that does not in time is killed. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#restart)
    const child = this.#process
    if (!child) return
    const { name, say, stopPatienceMs = 20_000 } = this.#options
    const impatience = setTimeout(() => {
      say(`The ${name} does not stop; it is killed.`)
      child.kill('SIGKILL')
    }, stopPatienceMs)
    child.kill('SIGTERM')
    await this.#ended
    clearTimeout(impatience)
  }

  /** At once, without asking. */
  kill(): void {
    this.#stopping = true
    clearTimeout(this.#restart)
    this.#process?.kill('SIGKILL')
  }

  #start(): void {
    const { entry, arguments: given, environment, log } = this.#options
    const child = fork(entry, [...given], { env: environment as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] })
    this.#process = child
    let errors = ''
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk))
    child.stderr?.on('data', (chunk: Buffer) => {
      log.write(chunk)
      errors = (errors + chunk.toString()).slice(-keptErrorBytes)
    })
    child.on('message', (message) => isReady(message) && this.#onReady(message))
    child.on('error', (error) => log.write(Buffer.from(`${error.stack ?? error.message}\n`)))
    this.#ended = this.#attend(child, () => sentencesOf(errors))
  }

  #onReady(ready: Ready): void {
    this.#well = setTimeout(() => (this.#deaths = 0), wellAfterMs)
    this.#options.onReady(ready, this.#everReady)
    this.#everReady = true
    this.#becameReady()
  }

  async #attend(child: ChildProcess, errors: () => string): Promise<void> {
    const [code, signal] = await endOf(child)
    clearTimeout(this.#well)
    this.#process = undefined
    if (!this.#stopping) this.#afterEnd(code, signal, errors())
  }

  #afterEnd(code: number | null, signal: NodeJS.Signals | null, errors: string): void {
    const { name, say, log, firstDelayMs = 200, longestDelayMs = 30_000 } = this.#options
    const kind = code === null ? undefined : failureOf(code)
    if (!this.#everReady && kind !== undefined) {
      this.#stopping = true
      this.#failed(new Failure(kind, errors || `The ${name} cannot be started (exit code ${code}); see ${log.path}.`))
      return
    }
    const delayMs = Math.min(firstDelayMs * 2 ** this.#deaths, longestDelayMs)
    this.#deaths++
    const how = signal ? `was ended by ${signal}` : `ended by itself (exit code ${code})`
    say(`The ${name} ${how}; it is started again in ${delayMs / 1000} s. Its log: ${log.path}`)
    this.#restart = setTimeout(() => this.#start(), delayMs)
  }
}

/** Its end, when everything that it said has been read; a process that it left behind may hold the pipes longer, and is not waited for. */
function endOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const settle = () => resolve([code, signal])
      const late = setTimeout(settle, 300)
      child.once('close', () => {
        clearTimeout(late)
        settle()
      })
    })
    // Not even started: there is no exit to come.
    child.once('error', () => child.pid === undefined && resolve([null, null]))
  })
}

/** What it told people: not the lines of its log, which are JSON. */
function sentencesOf(errors: string): string {
  return errors
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('{'))
    .join('\n')
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && (message as { ready?: unknown }).ready === true
}
