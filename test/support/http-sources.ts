import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector, tokenPath, type RunningCollector } from '@vonggac/collector'
import { configSchema, type FlatEvent } from '@vonggac/contract'
import { startNullAnalyzer, type NullAnalyzer, type NullAnalyzerOptions } from '../fixtures/null-analyzer.ts'
import { collectorConfig } from './collector-config.ts'

export interface HttpCollectorOptions {
  /** Of the HTTP source `app`. */
  readonly parsers?: readonly string[]
  /** Besides `app`. */
  readonly sources?: readonly object[]
  /** Merged into `collector`. */
  readonly collector?: object
  readonly analyzer?: NullAnalyzerOptions
}

/** A collector with one HTTP source, `app`, and the analyzer's end of its link: what the tests of HTTP senders begin with. */
export class HttpCollector {
  readonly folder: string
  readonly analyzer: NullAnalyzer
  readonly #options: HttpCollectorOptions
  #running: RunningCollector | undefined
  token = ''

  private constructor(folder: string, analyzer: NullAnalyzer, options: HttpCollectorOptions) {
    this.folder = folder
    this.analyzer = analyzer
    this.#options = options
  }

  static async start(options: HttpCollectorOptions = {}): Promise<HttpCollector> {
    const made = new HttpCollector(await mkdtemp(join(tmpdir(), 'vonggac-http-')), await startNullAnalyzer(options.analyzer), options)
    await made.restart()
    return made
  }

  /** Until `restart`. */
  async stopCollector(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
  }

  async restart(): Promise<void> {
    await this.stopCollector()
    const { parsers = ['ecs-json'], sources = [], collector = {} } = this.#options
    const config = collectorConfig(this.folder, this.analyzer.port, collector, [{ id: 'app', transport: 'http', parsers }, ...sources])
    this.#running = await startCollector(configSchema.parse(config), { linkSecret: 'link-secret' })
    this.token = await this.tokenOf('app')
  }

  async tokenOf(source: string): Promise<string> {
    return (await readFile(tokenPath(this.folder, source), 'utf8')).trim()
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    await this.analyzer.stop()
    await rm(this.folder, { recursive: true })
  }

  get running(): RunningCollector {
    return this.#running!
  }

  get port(): number {
    return this.running.addresses.http.port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get events(): FlatEvent[] {
    return [...this.analyzer.events.values()]
  }

  counts(source = 'app') {
    return this.running.counters().sources.find((one) => one.source === source)!
  }

  /** With the token of `app`, unless `headers` say otherwise. */
  fetch(
    path: string,
    { headers, ...rest }: { method?: string; body?: string | Buffer; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { body, ...more } = rest
    return fetch(`${this.url}${path}`, {
      ...more,
      ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    })
  }
}
