import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CollectorAddresses } from '@vonggac/collector'
import { startNullAnalyzer, type NullAnalyzer, type NullAnalyzerOptions } from '../fixtures/null-analyzer.ts'
import { collectorConfig } from './collector-config.ts'

const main = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url))

/** The collector as a process, by the configuration file. It says by a message where it listens. */
export function spawnCollector(configPath: string, stderr: 'inherit' | 'pipe' = 'inherit'): ChildProcess {
  return spawn(process.execPath, [main, '--config', configPath], {
    env: { PATH: process.env['PATH'], VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', stderr, 'ipc'],
  })
}

/** A collector as a process of its own, which is killed and started again on the same data. */
export class KilledCollector {
  readonly folder: string
  readonly analyzer: NullAnalyzer
  readonly #config: { readonly collector: object; readonly sources: readonly object[] }
  #child: ChildProcess | undefined

  private constructor(folder: string, analyzer: NullAnalyzer, config: { readonly collector: object; readonly sources: readonly object[] }) {
    this.folder = folder
    this.analyzer = analyzer
    this.#config = config
  }

  /** @param collector merged into its section of the configuration, such as ports */
  static async make(collector: object, sources: readonly object[], analyzer: NullAnalyzerOptions = {}): Promise<KilledCollector> {
    return new KilledCollector(await mkdtemp(join(tmpdir(), 'vonggac-killed-')), await startNullAnalyzer(analyzer), { collector, sources })
  }

  /** Of the process that was started last. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<CollectorAddresses> {
    const path = join(this.folder, 'vonggac.yml')
    const { collector, sources } = this.#config
    const settings = { journal: { segmentBytes: 65_536 }, ...collector }
    await writeFile(path, JSON.stringify(collectorConfig(this.folder, this.analyzer.port, settings, sources)))
    this.#child = spawnCollector(path)
    const exit = once(this.#child, 'exit').then(() => Promise.reject(new Error('the collector did not start')))
    exit.catch(() => {})
    const ready = once(this.#child, 'message') as Promise<[{ addresses: CollectorAddresses }]>
    const [{ addresses }] = await Promise.race([ready, exit])
    return addresses
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** In good order. Gives the exit code. */
  stop(): Promise<number | null | undefined> {
    return this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null | undefined> {
    if (!this.#child || !this.isRunning) return this.#child?.exitCode
    const exited = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exited
    return this.#child.exitCode
  }

  /** Of each event that the analyzer has, one field. */
  values(field: string): string[] {
    return [...this.analyzer.events.values()].map((event) => String(event[field]))
  }

  async remove(): Promise<void> {
    await this.kill()
    await this.analyzer.stop()
    await rm(this.folder, { recursive: true })
  }
}
